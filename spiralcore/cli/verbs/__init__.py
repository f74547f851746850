"""The verbs of the command, one a file."""

VERBS = {
    "train": "Train networks on spirals and record how their hidden layer moves.",
    "info": "Tell what is in a trajectory file.",
    "render": "Make films; without a film, everything that a recipe asks for.",
    "export": "Make films for a talk or a page: several formats, drawn once, of a limited size.",
    "plot": "Draw still figures of trajectories.",
    "diff": "Tell whether two trajectories agree, and where they do not.",
    "join": "Join two trajectories of one training that follow each other.",
    "films": "List the films.",
    "recipe": "Print the default recipe, or the schema that editors check recipes by.",
    "gallery": "Make a page: a table of networks in step, and any one of them live.",
    "playground": "Train in the browser: one page, served here or written into a file.",
    "watch": "Follow a training in the browser, while a recorder writes its file.",
    "study": "Train every network of a grid, and write a row for each to a Parquet file.",
    "new": "Begin a film of your own, with its test.",
    "doctor": "Tell what this machine has and lacks.",
}
"""Their names, in the order of the work, and what `--help` says of them."""
