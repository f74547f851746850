"""When films play, as PowerPoint writes "Start: automatically" and "Loop until stopped".

python-pptx has no word for it. All films of a slide begin when it is entered, and one stops and
goes on with a click on it (ECMA-376, part 1, 19.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

NAMESPACE = "http://schemas.openxmlformats.org/presentationml/2006/main"


class Playing(NamedTuple):
    """A film on a slide: its shape's number, its length in seconds, whether it is repeated."""

    shape: int
    seconds: float
    loop: bool


def timing(films: Sequence[Playing]) -> str:
    """The element ``p:timing`` of a slide."""
    ids = count(2)
    entry, commands = _entry(films, ids), (_media(film, ids) + _click(film, ids) for film in films)
    return f"""<p:timing xmlns:p="{NAMESPACE}">
 <p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst>
{entry}{"".join(commands)}
 </p:childTnLst></p:cTn></p:par></p:tnLst>
</p:timing>"""


def _entry(films: Sequence[Playing], ids: Iterator[int]) -> str:
    """What happens when the slide is entered: the first film plays, and the others with it."""
    sequence, outer, inner = next(ids), next(ids), next(ids)
    effects = "".join(
        _effect(film, "withEffect" if number else "afterEffect", ids)
        for number, film in enumerate(films)
    )
    return f"""  <p:seq concurrent="1" nextAc="seek">
   <p:cTn id="{sequence}" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
    <p:par><p:cTn id="{outer}" fill="hold">
     <p:stCondLst>
      <p:cond delay="indefinite"/>
      <p:cond evt="onBegin" delay="0"><p:tn val="{sequence}"/></p:cond>
     </p:stCondLst>
     <p:childTnLst><p:par><p:cTn id="{inner}" fill="hold">
      <p:stCondLst><p:cond delay="0"/></p:stCondLst>
      <p:childTnLst>
{effects}      </p:childTnLst>
     </p:cTn></p:par></p:childTnLst>
    </p:cTn></p:par>
   </p:childTnLst></p:cTn>
   <p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond>
   </p:prevCondLst>
   <p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond>
   </p:nextCondLst>
  </p:seq>
"""


def _effect(film: Playing, node: str, ids: Iterator[int]) -> str:
    """A film plays from its start."""
    effect, command = next(ids), next(ids)
    return f"""       <p:par>
        <p:cTn id="{effect}" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold"
         nodeType="{node}">
        <p:stCondLst><p:cond delay="0"/></p:stCondLst>
        <p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>
         <p:cTn id="{command}" dur="{round(1000 * film.seconds)}" fill="hold"/>
         <p:tgtEl><p:spTgt spid="{film.shape}"/></p:tgtEl>
        </p:cBhvr></p:cmd></p:childTnLst>
       </p:cTn></p:par>
"""


def _media(film: Playing, ids: Iterator[int]) -> str:
    """That a shape is a film, which makes no sound, and may be repeated."""
    repeat = ' repeatCount="indefinite"' if film.loop else ""
    return f"""  <p:video><p:cMediaNode mute="1">
   <p:cTn id="{next(ids)}" fill="hold" display="0"{repeat}>
    <p:stCondLst><p:cond delay="indefinite"/></p:stCondLst>
   </p:cTn>
   <p:tgtEl><p:spTgt spid="{film.shape}"/></p:tgtEl>
  </p:cMediaNode></p:video>
"""


def _click(film: Playing, ids: Iterator[int]) -> str:
    """A click on a film stops it, and lets it go on."""
    sequence, outer, inner, effect, command = (next(ids) for _ in range(5))
    return f"""  <p:seq concurrent="1" nextAc="seek">
   <p:cTn id="{sequence}" restart="whenNotActive" fill="hold" evtFilter="cancelBubble"
    nodeType="interactiveSeq">
    <p:stCondLst><p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{film.shape}"/></p:tgtEl>
    </p:cond></p:stCondLst>
    <p:endSync evt="end" delay="0"><p:rtn val="all"/></p:endSync>
    <p:childTnLst><p:par><p:cTn id="{outer}" fill="hold">
     <p:stCondLst><p:cond delay="0"/></p:stCondLst>
     <p:childTnLst><p:par><p:cTn id="{inner}" fill="hold">
      <p:stCondLst><p:cond delay="0"/></p:stCondLst>
      <p:childTnLst><p:par>
       <p:cTn id="{effect}" presetID="2" presetClass="mediacall" presetSubtype="0" fill="hold"
        nodeType="clickEffect">
        <p:stCondLst><p:cond delay="0"/></p:stCondLst>
        <p:childTnLst><p:cmd type="call" cmd="togglePause"><p:cBhvr>
         <p:cTn id="{command}" dur="1" fill="hold"/>
         <p:tgtEl><p:spTgt spid="{film.shape}"/></p:tgtEl>
        </p:cBhvr></p:cmd></p:childTnLst>
       </p:cTn>
      </p:par></p:childTnLst>
     </p:cTn></p:par></p:childTnLst>
    </p:cTn></p:par></p:childTnLst>
   </p:cTn>
   <p:nextCondLst><p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{film.shape}"/></p:tgtEl>
   </p:cond></p:nextCondLst>
  </p:seq>
"""
