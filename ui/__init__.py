"""The Qt layer of NTM Desktop; the only place that knows PySide6."""
