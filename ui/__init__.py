"""The touch screens: Qt Quick in front, view models between, no rule anywhere."""
