"""View models: a view of the core turned into words and numbers for QML. They decide nothing."""
