"""A PowerPoint file: a film on each slide, which plays when the slide is entered.

python-pptx puts the film, its poster and the notes into the file. What it has no word for is
when the film plays: that is written here, as PowerPoint itself writes "Start: automatically" and
"Loop until stopped" (ECMA-376, part 1, 19.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spiralcore.errors import harmless
from spiralcore.system.files import whole_file
from spiralcore.talk.deck import Slide, checked, common_shape, heading, shape_of
from spiralcore.talk.template import HEIGHT, new_deck

if TYPE_CHECKING:
    from pptx.slide import Slide as Page

KINDS = ("mp4",)
"""What PowerPoint plays on every system."""

TITLE_LAYOUT = 5
"""Of the template that python-pptx brings: a title and nothing else."""

TIMING = """
<p:timing xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">
 <p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst>
  <p:seq concurrent="1" nextAc="seek">
   <p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
    <p:par><p:cTn id="3" fill="hold">
     <p:stCondLst>
      <p:cond delay="indefinite"/>
      <p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond>
     </p:stCondLst>
     <p:childTnLst><p:par><p:cTn id="4" fill="hold">
      <p:stCondLst><p:cond delay="0"/></p:stCondLst>
      <p:childTnLst><p:par>
       <p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold"
        nodeType="afterEffect">
        <p:stCondLst><p:cond delay="0"/></p:stCondLst>
        <p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>
         <p:cTn id="6" dur="{duration}" fill="hold"/>
         <p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
        </p:cBhvr></p:cmd></p:childTnLst>
       </p:cTn>
      </p:par></p:childTnLst>
     </p:cTn></p:par></p:childTnLst>
    </p:cTn></p:par>
   </p:childTnLst></p:cTn>
   <p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond>
   </p:prevCondLst>
   <p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond>
   </p:nextCondLst>
  </p:seq>
  <p:video><p:cMediaNode mute="1">
   <p:cTn id="7" fill="hold" display="0"{repeat}>
    <p:stCondLst><p:cond delay="indefinite"/></p:stCondLst>
   </p:cTn>
   <p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
  </p:cMediaNode></p:video>
  <p:seq concurrent="1" nextAc="seek">
   <p:cTn id="8" restart="whenNotActive" fill="hold" evtFilter="cancelBubble"
    nodeType="interactiveSeq">
    <p:stCondLst><p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
    </p:cond></p:stCondLst>
    <p:endSync evt="end" delay="0"><p:rtn val="all"/></p:endSync>
    <p:childTnLst><p:par><p:cTn id="9" fill="hold">
     <p:stCondLst><p:cond delay="0"/></p:stCondLst>
     <p:childTnLst><p:par><p:cTn id="10" fill="hold">
      <p:stCondLst><p:cond delay="0"/></p:stCondLst>
      <p:childTnLst><p:par>
       <p:cTn id="11" presetID="2" presetClass="mediacall" presetSubtype="0" fill="hold"
        nodeType="clickEffect">
        <p:stCondLst><p:cond delay="0"/></p:stCondLst>
        <p:childTnLst><p:cmd type="call" cmd="togglePause"><p:cBhvr>
         <p:cTn id="12" dur="1" fill="hold"/>
         <p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
        </p:cBhvr></p:cmd></p:childTnLst>
       </p:cTn>
      </p:par></p:childTnLst>
     </p:cTn></p:par></p:childTnLst>
    </p:cTn></p:par></p:childTnLst>
   </p:cTn>
   <p:nextCondLst><p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
   </p:cond></p:nextCondLst>
  </p:seq>
 </p:childTnLst></p:cTn></p:par></p:tnLst>
</p:timing>
"""
"""Plays on entry, stops and goes on with a click on the film."""


def write_powerpoint(slides: Sequence[Slide], path: Path, title: str) -> None:
    """Make a PowerPoint file.

    Parameters
    ----------
    slides
        Their films are MP4s. Where all are of one shape the slides have it, too; otherwise they
        are 16:9 and the films are centred.
    path
        The file to make.
    title
        Of the deck.

    Raises
    ------
    UsageError
        If there is no film, or one of another kind.
    """
    checked(slides, KINDS, path.name)
    shape = common_shape(slides)
    deck = new_deck(slides, shape, title)
    for slide in slides:
        _fill(deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT]), slide, shape)
    with whole_file(path) as part:
        deck.save(str(part))


def _fill(page: Page, slide: Slide, shape: float) -> None:
    """Put a film onto a page: background, title, picture, timing, notes."""
    from pptx.dml.color import RGBColor
    from pptx.util import Emu, Inches

    fill: Any = page.background.fill
    fill.solid()
    colour: Any = RGBColor
    fill.fore_color.rgb = colour.from_string(slide.background[1:])
    room, own = HEIGHT * shape, shape_of(slide)
    width = min(room, HEIGHT * own)
    height = width / own
    box = ((room - width) / 2, (HEIGHT - height) / 2, width, height)
    left, top, across, down = (Emu(round(914_400 * size)) for size in box)
    # As open files: of a path, python-pptx puts the name into XML as it is.
    with slide.film.open("rb") as film, slide.poster.open("rb") as poster:
        movie: Any = page.shapes.add_movie(
            film,
            left,
            top,
            across,
            down,
            poster_frame_image=poster,
            mime_type="video/mp4",
        )
    words: Any = page.shapes.title
    words.text_frame.text = heading(slide.title)
    # Above the slide, where PowerPoint itself puts titles that are not to be seen.
    words.left, words.top, words.width, words.height = map(Inches, (0, -1, room, 0.8))
    named = movie.element.nvPicPr.cNvPr
    named.set("name", heading(slide.title))
    named.set("descr", f"Film. {heading(slide.title)}")
    _time(page, movie.shape_id, slide)
    notes: Any = page.notes_slide.notes_text_frame
    notes.text = harmless(slide.notes)


def _time(page: Page, shape: int, slide: Slide) -> None:
    """Say when the film plays, in place of what python-pptx says: on a click."""
    from pptx.oxml import parse_xml

    repeat = ' repeatCount="indefinite"' if slide.loop else ""
    duration = round(1000 * slide.seconds)
    timing = parse_xml(TIMING.format(shape=shape, repeat=repeat, duration=duration).strip())
    element: Any = page.element
    for old in element.findall("{*}timing"):
        element.remove(old)
    element.append(timing)
