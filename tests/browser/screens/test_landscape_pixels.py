"""The camera module predicts where Plotly draws the surface, and the surface fills its card."""

import json
import subprocess

import pytest

from tools.support import node

DRAWN = """async () => {
    const plot = document.getElementById('landscape');
    const { scene } = plot._fullLayout;
    const image = new Image();
    image.src = scene._scene.toImage('png');
    await image.decode();
    const { clientWidth, clientHeight } = plot;
    const canvas = new OffscreenCanvas(clientWidth, clientHeight);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, clientWidth, clientHeight);
    const { data } = context.getImageData(0, 0, clientWidth, clientHeight);
    const counts = [new Array(clientWidth).fill(0), new Array(clientHeight).fill(0)];
    for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue, alpha] = data.subarray(i, i + 4);
        if (alpha < 200 || Math.max(red, green, blue) - Math.min(red, green, blue) < 40) continue;
        counts[0][(i / 4) % clientWidth] += 1;
        counts[1][Math.floor(i / 4 / clientWidth)] += 1;
    }
    const ends = counts.map((line) => [line.findIndex(Boolean), line.findLastIndex(Boolean) + 1]);
    const [surface] = plot._fullData;
    const { eye, center } = scene._scene.getCamera();
    return {
        ends, eye, center, card: { clientWidth, clientHeight },
        aspectratio: { x: scene.aspectratio.x, y: scene.aspectratio.y, z: scene.aspectratio.z },
        ranges: [scene.xaxis.range, scene.yaxis.range, scene.zaxis.range],
        x: Array.from(surface.x), y: Array.from(surface.y),
        z: Array.from(surface.z, (row) => Array.from(row)),
    };
}"""
"""The bounding box of the colored pixels of the landscape, with its camera and the surface."""
PREDICTED = """
const { project } = await import("./assets/js/plot/camera.mjs");
let text = "";
for await (const chunk of process.stdin) text += chunk;
const { x, y, z, ranges, card, ...view } = JSON.parse(text);
const inBox = (value, [low, high]) => (2 * (value - low)) / (high - low) - 1;
const pixels = y.flatMap((v, j) => x.map((u, i) =>
  project([inBox(u, ranges[0]), inBox(v, ranges[1]), inBox(z[j][i], ranges[2])], view, card)));
const ends = [0, 1].map((axis) => {
  const values = pixels.map((pixel) => pixel[axis]);
  return [Math.min(...values), Math.max(...values)];
});
console.log(JSON.stringify(ends));
"""


@pytest.mark.parametrize("link", ["", "?data=saddle", "?data=misra1a&model=saturation"])
def test_the_surface_is_where_the_camera_module_says_and_fills_its_card(open_page, link):
    drawn = open_page(link).evaluate(DRAWN)  # on a shared page a camera that was turned stays
    answer = subprocess.run(
        node.node_command("--input-type=module", "--eval", PREDICTED),
        input=json.dumps(drawn),
        capture_output=True,
        text=True,
        check=True,
        cwd=node.ROOT,
    )
    predicted = json.loads(answer.stdout)
    for seen, expected in zip(drawn["ends"], predicted, strict=True):
        assert seen == pytest.approx(expected, abs=5)
    (left, right), (top, bottom) = drawn["ends"]
    card = drawn["card"]
    assert (right - left) * (bottom - top) >= 0.65 * card["clientWidth"] * card["clientHeight"]
