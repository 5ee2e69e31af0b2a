"""Stand-ins for the Octave functions that need a screen, or somebody at the keyboard: a demo runs without either."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# The names of functions that draw: what is drawn is not compared, and many an Octave has nothing to draw with.
DRAWING = """
    annotation area axes axis bar barh box caxis cla clf close colorbar colormap contour contourf drawnow
    errorbar figure fill gca gcf get grid hold image imagesc imshow legend line loglog mesh meshc patch pcolor
    plot plot3 plotyy polar print quiver rectangle refresh saveas scatter scatter3 semilogx semilogy set shading
    sgtitle stairs stem subplot surf surfc surface text title view waitbar xlabel xlim ylabel ylim zlabel zlim
"""
# Of further ones that need a screen or a loudspeaker.
FURTHER = """
    camlight closereq comet compass contour3 daspect errordlg ezmesh ezplot ezsurf feather fplot getframe
    helpdlg hggroup hgsave hist isaxes isfigure ishandle ishghandle light lighting linkaxes material meshz movie
    msgbox newplot pan pbaspect pie quiver3 ribbon rose rotate3d slice sound soundsc surfl trimesh triplot
    trisurf uicontrol waitforbuttonpress warndlg zoom
"""
# What each gives a script where a value is wanted: a number for a handle, limits of axes, an empty answer.
ANSWERS = {
    **dict.fromkeys((DRAWING + FURTHER).split(), "1"),
    **dict.fromkeys(("axis", "get", "ginput", "xlim", "ylim", "zlim"), "[0, 1, 0, 1]"),
    **dict.fromkeys(("beep", "input", "inputdlg", "kbhit", "keyboard", "pause", "uigetfile"), "[]"),
    **dict.fromkeys(("menu", "questdlg", "yes_or_no"), "0"),
}
# With so many outputs these draw nothing, and Octave's own is called.
COMPUTING = {"hist": 1, "bar": 2, "barh": 2, "rose": 2, "stairs": 2}
TEXT = """function varargout = {name} (varargin)
  varargout = repmat ({{{answer}}}, 1, nargout);
  if nargout >= {computing}
    with_ours = path ();
    rmpath (fileparts (mfilename ("fullpath")));
    unwind_protect
      [varargout{{1:nargout}}] = feval ("{name}", varargin{{:}});
    unwind_protect_cleanup
      path (with_ours);
    end_unwind_protect
  end
end
"""


def write_stand_ins(folder: Path, answers: Mapping[str, str] = ANSWERS) -> None:
    """Write stand-ins to an empty folder, to come first on Octave's path: what each answers, by its name."""
    for name, answer in answers.items():
        text = TEXT.format(name=name, answer=answer, computing=COMPUTING.get(name, "Inf"))
        (folder / f"{name}.m").write_text(text)
