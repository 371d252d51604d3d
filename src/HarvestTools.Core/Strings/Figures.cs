using System.Globalization;

namespace HarvestTools.Strings;

/// <summary>Numbers as people read them, the same under every culture.</summary>
internal static class Figures
{
    private const string Digits28 = "0.############################";

    /// <summary>
    /// Rounded to so many digits, and to more where rounding would carry the value onto or across the reference (9.96
    /// against 10), or a value above zero down to zero.
    /// </summary>
    public static string Beside(double value, double reference, int digits) => Beside(ToDecimal(value), ToDecimal(reference), digits);

    /// <inheritdoc cref="Beside(double, double, int)"/>
    public static string Beside(decimal value, decimal reference, int digits)
    {
        for (int shown = digits; shown < 28; shown++)
        {
            decimal rounded = Math.Round(value, shown, MidpointRounding.AwayFromZero);
            if (rounded.CompareTo(reference) == value.CompareTo(reference) && (rounded == 0) == (value == 0))
            {
                return rounded.ToString(Digits28, CultureInfo.InvariantCulture);
            }
        }

        return value.ToString(Digits28, CultureInfo.InvariantCulture);
    }

    /// <summary>A share as a percentage, for example <c>7.3%</c>.</summary>
    public static string Percent(double share, double reference) => Beside(ToDecimal(share) * 100, ToDecimal(reference) * 100, 1) + "%";

    /// <summary>A threshold as a percentage, every digit of it.</summary>
    public static string Percent(double share) => (ToDecimal(share) * 100).ToString(Digits28, CultureInfo.InvariantCulture) + "%";

    /// <summary>At most so many decimals, no trailing zeros.</summary>
    public static string Number(double value, int digits = 2) => Math.Abs(value) < 1e15
        ? ToDecimal(Math.Round(value, digits, MidpointRounding.AwayFromZero)).ToString(Digits28, CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A p-value: three decimals, and "&lt; 0.001" below.</summary>
    public static string PValue(double p) => p < 0.001 ? "p < 0.001" : "p = " + Number(p, 3);

    /// <summary>A count with its noun, "1 episode" or "3 episodes".</summary>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>The first of many names, and how many more there are: whoever needs all has the list.</summary>
    public static string Some(IReadOnlyList<string> names)
    {
        const int Most = 8;
        return names.Count <= Most
            ? string.Join(", ", names)
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(Most - 2))} and {names.Count - Most + 2} more");
    }

    // Fifteen digits: 0.1 becomes exactly 0.1, so that 10 of 100 meets 10 %.
    public static decimal ToDecimal(double value) => (decimal)value;
}
