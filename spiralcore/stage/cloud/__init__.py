"""The fast point cloud, a mobject for Manim scenes of one's own."""

from spiralcore.stage.cloud.point_cloud import PointCloud

__all__ = ["PointCloud"]
