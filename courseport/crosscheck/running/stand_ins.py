"""Stand-ins for the Octave functions that need a screen, or somebody at the keyboard: a demo runs without either."""

from __future__ import annotations

from pathlib import Path

# What each gives where a value is wanted: a number in the place of a handle, an empty answer, limits of axes.
HANDLES = (
    "annotation area axes bar barh box camlight caxis cla clf close closereq colorbar colormap comet compass contour",
    "contour3 contourf daspect drawnow errorbar errordlg ezmesh ezplot ezsurf feather figure fill fplot gca gcf",
    "getframe grid helpdlg hggroup hgsave hist hold image imagesc imshow isaxes isfigure ishandle ishghandle legend",
    "light lighting line linkaxes loglog material mesh meshc meshz movie msgbox newplot pan patch pbaspect pcolor pie",
    "plot plot3 plotyy polar print quiver quiver3 rectangle refresh ribbon rose rotate3d saveas scatter scatter3",
    "semilogx semilogy set shading slice sound soundsc stairs stem subplot surf surfc surfl text title trimesh triplot",
    "trisurf uicontrol view waitbar waitforbuttonpress warndlg xlabel ylabel zlabel zoom",
)
ANSWERS = {
    **dict.fromkeys(" ".join(HANDLES).split(), "1"),
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


def write_stand_ins(folder: Path) -> None:
    """Write the stand-ins to an empty folder, which is then to come first on Octave's path."""
    for name, answer in ANSWERS.items():
        text = TEXT.format(name=name, answer=answer, computing=COMPUTING.get(name, "Inf"))
        (folder / f"{name}.m").write_text(text)
