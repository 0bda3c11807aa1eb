"""The pinned Plotly has everything that ``assets/js/plot/plotly_internals.mjs`` reads of its inside."""

import pytest

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
    page = request.getfixturevalue(opener)("?k=9")
    found = page.evaluate(script)
    assert found == dict.fromkeys(found, True)
