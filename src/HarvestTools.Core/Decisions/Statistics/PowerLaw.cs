namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// error = scale * n^-exponent, fitted by least squares on the logarithms (Hestness et al. 2017). There is no constant
/// term: four runs cannot show one, so gains are rather over- than understated.
/// </summary>
internal sealed record PowerLaw(double LogScale, double Exponent, double ExponentError, int Freedom)
{
    /// <summary>Fits at least three points of at least two sizes, all errors above 0.</summary>
    public static PowerLaw Fit(IReadOnlyList<(double Size, double Error)> points)
    {
        double[] x = [.. points.Select(point => Math.Log(point.Size))];
        double[] y = [.. points.Select(point => Math.Log(point.Error))];
        double meanX = x.Average();
        double meanY = y.Average();
        double spread = x.Sum(value => (value - meanX) * (value - meanX));
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        double residuals = x.Zip(y, (a, b) => Math.Pow(b - meanY - (slope * (a - meanX)), 2)).Sum();
        int freedom = points.Count - 2;
        return new PowerLaw(meanY - (slope * meanX), -slope, Math.Sqrt(residuals / freedom / spread), freedom);
    }

    public double ErrorAt(double size) => Math.Exp(LogScale - (Exponent * Math.Log(size)));

    /// <summary>What the error falls by from one size to another, if the exponent is as given.</summary>
    public double Gain(double from, double to, double exponent) => ErrorAt(from) * (1 - Math.Pow(to / from, -exponent));
}
