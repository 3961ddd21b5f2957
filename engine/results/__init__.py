"""What is measured and kept: points, export matrix, waterfall, intervals, results that ship."""
