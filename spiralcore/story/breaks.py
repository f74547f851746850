"""What goes wrong on the way: units that die, and loss spikes."""

from __future__ import annotations

from spiralcore.story.event import Event
from spiralcore.trajectory.events import MOST_SPIKES, spikes
from spiralcore.trajectory.trajectory import Trajectory


def breaks(trajectory: Trajectory) -> list[Event]:
    """Dead units of the drawn layer, and the highest spikes of the cross-entropy."""
    found = [
        Event(epoch, epoch, "dies", (), (), (unit + 1.0,), 0.95)
        for unit, epoch in trajectory.dead_since.items()
    ]
    curve, guessing = trajectory.cross_entropy, trajectory.guess.cross_entropy
    for spike in spikes(trajectory)[:MOST_SPIKES]:
        values = float(curve[spike.start]), float(curve[spike.peak])
        importance = min(0.35 + 0.5 * spike.height / guessing, 0.85)
        found.append(Event(spike.start, spike.peak, "spike", (), (), values, importance))
    return found
