"""The pinned Plotly has everything that ``assets/js/plot/plotly_internals.mjs`` reads of its inside."""

import pytest

from tools.support.browser_pages import show_link

FLAT = """() => {
    const plot = document.getElementById('map');
    const { xaxis, yaxis } = plot._fullLayout;
    const index = plot.calcdata.findIndex(([first]) => first?.trace?.name === 'past');
    const { trace, node3 } = plot.calcdata[index][0];
    return {
        axes: [xaxis, yaxis].every(({ _offset, _length, range, d2p, p2d, c2p }) =>
            [_offset, _length, ...range].every(Number.isFinite) &&
            Math.abs(p2d(d2p(range[0])) - range[0]) < 1e-6 && c2p(range[0]) === d2p(range[0])),
        trace: trace.type === 'scatter' && trace.visible === true && trace.xaxis + trace.yaxis === 'xy',
        element: node3.node().isConnected && node3.node().querySelectorAll('.js-line, path.point').length > 0,
        hoverNumbers: plot._fullLayout._d3locale.numberFormat('.2~g')(12.34) === '12',
        complete: plot._fullData[index].uid === trace.uid && plot._fullData[0]._input === plot.data[0],
    };
}"""
SCENE = """() => {
    const plot = document.getElementById('landscape');
    const scene = plot._fullLayout.scene._scene;
    const { glplot, container } = scene;
    const drawn = Object.values(scene.traces);
    const surface = drawn.find((trace) => trace.surface);
    const line = drawn.find((trace) => trace.linePlot);
    const text = drawn.find((trace) => trace.textMarkers);
    const isFunction = (...values) => values.every((value) => typeof value === 'function');
    return {
        camera: Object.keys(scene.getCamera().eye).sort().join() === 'x,y,z',
        image: scene.toImage('png').startsWith('data:image/png'),
        drawing: isFunction(glplot.redraw, glplot.onrender, glplot.camera.tick) &&
            glplot.cameraParams.view.length === 16 && 'object' in glplot.selection,
        loop: glplot._stopped === false,
        size: container.clientWidth > 0,
        uids: plot._fullData.filter(({ uid }) => scene.traces[uid]).length > 3,
        surface: isFunction(surface.surface._vao.draw, surface.surface.gl.polygonOffset),
        line: isFunction(line.update, line.linePlot.draw, line.linePlot.vao.draw) &&
            Number.isFinite(line.linePlot.vertexCount) && 'dirty' in line.linePlot,
        text: isFunction(text.textMarkers.update, text.textMarkers.draw, text.textMarkers.drawTransparent) &&
            text.textMarkers.gl === surface.surface.gl,
    };
}"""


@pytest.mark.parametrize(("opener", "script"), [("show_flat", FLAT), ("show", SCENE)])
def test_the_internals_are_there(request, opener, script):
    page = request.getfixturevalue(opener)("?k=9", width=900, height=640)
    found = page.evaluate(script)
    assert found == dict.fromkeys(found, True)


def test_a_map_that_was_out_of_sight_has_the_window_of_its_own_surface(show_flat):
    """Plotly keeps the ranges from which it computed axes of equal scale."""
    page = show_flat("?s=pace&a=3")
    for link in ("?s=typo&a=1", "?s=mirror&a=1"):
        show_link(page, link)
    range_and_ends = page.evaluate(
        """() => {
            const plot = document.getElementById('map');
            const { x } = plot._fullData.find(({ type }) => type === 'contour');
            return [plot._fullLayout.xaxis.range, [x[0], x[x.length - 1]]];
        }"""
    )
    assert range_and_ends[0] == pytest.approx(range_and_ends[1], rel=1e-4)
