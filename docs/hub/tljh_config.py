"""The course on The Littlest JupyterHub; see docs/hub.md.

Copy to /opt/tljh/config/jupyterhub_config.d/deepcomposer.py and run
`sudo tljh-config reload`.
"""

PYTHON = "/opt/tljh/user/bin"
CACHE = "/srv/deepcomposer/cache"  # filled once by the administrator, read by all
PROGRESS = "/srv/deepcomposer/progress"  # mode 1733: everybody writes, nobody lists

c = get_config()  # noqa: F821 - JupyterHub gives it


def own(folder):
    """Return what a seat's environment says about a folder in its home."""
    return lambda spawner: f"/home/jupyter-{spawner.user.name}/{folder}"


c.Spawner.cmd = [
    *(f"{PYTHON}/python", "-m", "deepcomposer_edu.classroom.seat", "--"),
    f"{PYTHON}/jupyterhub-singleuser",
]
c.Spawner.environment = {
    "DEEPCOMPOSER_WORK": own("my_work"),
    "DEEPCOMPOSER_CACHE": CACHE,
    "DEEPCOMPOSER_SHARE": PROGRESS,
    "DEEPCOMPOSER_LEARNER": lambda spawner: spawner.user.name,
    "OMP_NUM_THREADS": "1",
}
c.Spawner.notebook_dir = "~"
