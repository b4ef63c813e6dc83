"""NTM Desktop: self-assessment dossiers for new rural areas (nông thôn mới), offline, from commune to office."""

__version__ = "0.1.0"
