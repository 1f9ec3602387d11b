"""Blender's Line Art and talos-core draw the same mesh; called by the script `line_art` beside this file.

Twenty Suzannes, subdivided twice, 314,880 triangles, each a mesh of its own, all with one part (the ears) of
another material. Both draw contours, borders, creases above 40 degrees, material borders and
intersections, for the same cameras. A run moves the camera by half a degree and times what follows,
first in Blender, then in ours, so that other load on the machine hits both.

Line Art: `view_layer.update()`: the scene is read and triangulated by the modifier, lines are found,
cut by occlusion and chained into Grease Pencil strokes, in object space, without fitting.
Ours: every vertex and normal is posed, triangles are rasterised at 3840 x 2160 samples for a frame of
1920 x 1080, lines are found, hidden, chained, smoothed, fitted with Beziers, named and measured.
Neither draws a picture. Wall time by a monotonic clock, CPU time of the whole process.
"""

import argparse
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import bpy
import numpy
from mathutils import Euler, Matrix

COLUMNS = 5
SIZE = (1920, 1080)
CREASE_DEGREES = 40.0
STEP_DEGREES = 0.5


def suzannes(count, levels):
    """Meshes with the subdivision applied: Line Art is not to be charged for it."""
    rows = math.ceil(count / COLUMNS)
    objects = []
    for index in range(count):
        bpy.ops.mesh.primitive_monkey_add()
        ob = bpy.context.object
        if levels:
            ob.modifiers.new("subdivision", "SUBSURF").levels = levels
            bpy.ops.object.modifier_apply(modifier="subdivision")
        column, row = index % COLUMNS, index // COLUMNS
        ob.location = (
            2.4 * (column - (COLUMNS - 1) / 2),
            1.2 * ((column + row) % 2),
            1.9 * (row - (rows - 1) / 2),
        )
        ob.rotation_euler = Euler((0.1 * (index % 3), 0.0, 0.35 * ((index * 7) % 5 - 2)))
        mesh = ob.data
        mesh.shade_smooth()
        for material in bpy.data.materials:
            mesh.materials.append(material)
        ears = [int(abs(polygon.center.x) > 0.85) for polygon in mesh.polygons]
        mesh.polygons.foreach_set("material_index", ears)
        objects.append(ob)
    return objects


def new_scene(count, levels):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.data.materials.new("body")
    bpy.data.materials.new("ears")
    objects = suzannes(count, levels)
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = SIZE
    data = bpy.data.cameras.new("camera")
    data.lens = 50.0
    camera = bpy.data.objects.new("camera", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return objects, camera


def place(camera, step, distance):
    angle = math.radians(STEP_DEGREES * step)
    turn = Matrix.Rotation(angle, 4, "Z")
    camera.matrix_world = turn @ Matrix.Translation((0.0, -distance, 0.0)) @ Matrix.Rotation(math.pi / 2, 4, "X")


def distance_for(count):
    # the grid fills the height of the frame
    return max(18.0, 4.75 * math.ceil(count / COLUMNS))


def export(objects, path):
    """Little-endian: number of objects, then of each its world matrix (3 x 4), counts, positions,
    triangles and their materials."""
    triangles_in_all = 0
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(objects)))
        bpy.context.view_layer.update()
        for ob in objects:
            mesh = ob.data
            mesh.calc_loop_triangles()
            positions = numpy.empty(3 * len(mesh.vertices), dtype=numpy.float32)
            mesh.vertices.foreach_get("co", positions)
            corners = numpy.empty(3 * len(mesh.loop_triangles), dtype=numpy.int32)
            mesh.loop_triangles.foreach_get("vertices", corners)
            materials = numpy.empty(len(mesh.loop_triangles), dtype=numpy.int32)
            mesh.loop_triangles.foreach_get("material_index", materials)
            matrix = numpy.array(ob.matrix_world, dtype="<f8")[:3]
            file.write(matrix.tobytes())
            file.write(struct.pack("<II", len(mesh.vertices), len(mesh.loop_triangles)))
            file.write(positions.astype("<f8").tobytes())
            file.write(corners.astype("<u4").tobytes())
            file.write(materials.astype("<u2").tobytes())
            triangles_in_all += len(mesh.loop_triangles)
    return triangles_in_all


def line_art(scene):
    data = bpy.data.grease_pencils.new("lines")
    data.layers.new("lines").frames.new(0)
    ink = bpy.data.materials.new("ink")
    bpy.data.materials.create_gpencil_data(ink)
    data.materials.append(ink)
    ob = bpy.data.objects.new("lines", data)
    scene.collection.objects.link(ob)
    modifier = ob.modifiers.new("line_art", "LINEART")
    modifier.source_type = "SCENE"
    modifier.target_layer = "lines"
    modifier.target_material = ink
    modifier.use_contour = True
    modifier.use_crease = True
    modifier.use_crease_on_smooth = True
    modifier.crease_threshold = math.radians(180.0 - CREASE_DEGREES)
    modifier.use_material = True
    modifier.use_intersection = True
    modifier.use_loose = False
    modifier.use_edge_mark = False
    return ob


def count_line_art(ob):
    data = ob.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    drawing = data.layers[0].frames[0].drawing
    offsets = drawing.curve_offsets
    return len(offsets) - 1, offsets[len(offsets) - 1].value


class Ours:
    """The Rust program: it reads the mesh once, then answers each camera with its strokes' number."""

    def __init__(self, program, path):
        self.process = subprocess.Popen(
            [program, path, *map(str, SIZE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # the CPU clock of another process (Linux: clock_getcpuclockid)
        self.clock = (~self.process.pid << 3) | 2
        self.prepared = json.loads(self.process.stdout.readline())

    def cpu(self):
        return time.clock_gettime(self.clock)

    def draw(self, camera):
        matrix = camera.matrix_world
        numbers = [camera.data.lens, camera.data.sensor_width, *matrix.translation, *matrix.to_quaternion()]
        question = " ".join(repr(float(n)) for n in numbers) + "\n"
        cpu, wall = self.cpu(), time.perf_counter()
        self.process.stdin.write(question)
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        answer["wall"], answer["cpu"] = time.perf_counter() - wall, self.cpu() - cpu
        return answer

    def digest(self):
        self.process.stdin.write("digest\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["digest"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def blender_draw():
    cpu, wall = time.process_time(), time.perf_counter()
    bpy.context.view_layer.update()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def compare(program, count, levels, runs, with_blender=True):
    """Medians over `runs` cameras, of both programs where wanted."""
    objects, camera = new_scene(count, levels)
    distance = distance_for(count)
    place(camera, 0, distance)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mesh.bin")
        triangles = export(objects, path)
        ours = Ours(program, path)
    result = {"triangles": triangles, "prepared": ours.prepared, "blender": [], "ours": []}
    lines = line_art(bpy.context.scene) if with_blender else None
    for step in range(runs + 1):
        place(camera, step, distance)
        if lines:
            result["blender"].append(blender_draw() | dict(zip(("strokes", "points"), count_line_art(lines))))
        else:
            bpy.context.view_layer.update()
        result["ours"].append(ours.draw(camera))
    result["digest"] = ours.digest()
    ours.close()
    return result


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def spread(rows, key):
    return f"{min(r[key] for r in rows):.3f}–{max(r[key] for r in rows):.3f}"


def report(result):
    blender, ours = result["blender"], result["ours"]
    print(f"\n{result['triangles']:,} triangles, {SIZE[0]}x{SIZE[1]}, {len(os.sched_getaffinity(0))} cores, "
          f"Blender {bpy.app.version_string}; median of {len(ours) - 1} camera moves (least–most)\n")
    print("| | Line Art | ours | ratio |\n|---|---|---|---|")
    for key, name in (("wall", "wall s"), ("cpu", "CPU s")):
        b, o = median(blender[1:], key), median(ours[1:], key)
        print(f"| {name}, after a camera move | {b:.3f} ({spread(blender[1:], key)}) "
              f"| {o:.4f} ({spread(ours[1:], key)}) | {b / o:.2f} |")
    preparing = result["prepared"]["prepare_s"]
    first = preparing + ours[0]["wall"]
    print(f"| wall s, first evaluation (ours: with anatomy {preparing:.3f}) | {blender[0]['wall']:.3f} "
          f"| {first:.3f} | {blender[0]['wall'] / first:.2f} |")
    for key in ("strokes", "points"):
        print(f"| {key} | {int(median(blender[1:], key))} | {int(median(ours[1:], key))} | |")
    parts = ", ".join(f"{key[:-2]} {1e3 * median(ours[1:], key):.1f}" for key in ("pose_s", "raster_s", "draw_s"))
    print(f"\nours, ms: {parts}; digest of the last strokes {result['digest'][:16]}", flush=True)


def scaling(program, runs):
    print("\n| triangles | Line Art wall s | CPU s | ours wall s | CPU s | ns of CPU a triangle | anatomy s | strokes |")
    print("|---|---|---|---|---|---|---|---|")
    for count, levels in ((20, 0), (20, 1), (20, 2), (20, 3), (48, 3)):
        result = compare(program, count, levels, runs)
        ours, blender, n = result["ours"][1:], result["blender"][1:], result["triangles"]
        cpu = median(ours, "cpu")
        print(f"| {n:,} | {median(blender, 'wall'):.3f} | {median(blender, 'cpu'):.3f} | {median(ours, 'wall'):.3f} "
              f"| {cpu:.3f} | {1e9 * cpu / n:.0f} | {result['prepared']['prepare_s']:.3f} "
              f"| {int(median(ours, 'strokes'))} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--scaling", action="store_true")
    arguments = parser.parse_args()
    # both programs get the same two cores, threads that they start included
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    report(compare(arguments.program, 20, 2, arguments.runs))
    if arguments.scaling:
        scaling(arguments.program, max(3, arguments.runs // 3))


if __name__ == "__main__":
    sys.exit(main())
