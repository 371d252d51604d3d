namespace HarvestTools.Decisions.Statistics;

/// <summary>Student's t distribution for whole degrees of freedom, by its finite series (Abramowitz and Stegun 26.7.3 and 26.7.4).</summary>
internal static class StudentT
{
    /// <summary>The t with P(|T| &lt; t) = <paramref name="confidence"/>.</summary>
    public static double TwoSided(double confidence, int freedom)
    {
        double low = 0;
        double high = 1;
        while (Within(high, freedom) < confidence)
        {
            high *= 2;
        }

        for (int step = 0; step < 100; step++)
        {
            double middle = (low + high) / 2;
            if (Within(middle, freedom) < confidence)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>P(|T| &lt; t).</summary>
    public static double Within(double t, int freedom)
    {
        double angle = Math.Atan(t / Math.Sqrt(freedom));
        double cosine = Math.Cos(angle);
        double term = freedom % 2 == 0 ? 1 : cosine;
        double sum = freedom == 1 ? 0 : term;
        for (int i = freedom % 2 == 0 ? 2 : 3; i <= freedom - 2; i += 2)
        {
            term *= (i - 1) * cosine * cosine / i;
            sum += term;
        }

        sum *= Math.Sin(angle);
        return freedom % 2 == 0 ? sum : 2 / Math.PI * (angle + sum);
    }
}
