using System.Globalization;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>Values of rows as texts that are compared, and rows by what their columns are about.</summary>
/// <param name="columns">What columns are.</param>
internal sealed class RowText(ProgramColumns columns)
{
    private readonly Dictionary<ColumnRole, int> _places = [];
    private IReadOnlyList<string>? _names;

    /// <summary>A value as it is compared: equal texts are equal values.</summary>
    /// <param name="value">The value.</param>
    /// <param name="digits">To how many digits after the point numbers are compared; null for all.</param>
    public static string? Of(object? value, int? digits = null) => value switch
    {
        null => null,
        string text => RowDigest.Rounded(text, digits),
        double number => RowDigest.Text(number, digits),
        double[] list => $"[{string.Join(',', list.Select(number => RowDigest.Text(number, digits)))}]",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Whether a row has a column of a role.</summary>
    public bool Has(TableRow row, ColumnRole role) => PlaceOf(row, role) >= 0;

    /// <summary>A row's text of a role; null where it has no such column, or nothing in it.</summary>
    public string? Text(TableRow row, ColumnRole role) => PlaceOf(row, role) is >= 0 and int place && Of(row.Values[place]) is { Length: > 0 } text ? text : null;

    /// <summary>A row's whole number of a role; null where it has no such column, or no whole number in it.</summary>
    public long? Number(TableRow row, ColumnRole role) => PlaceOf(row, role) is >= 0 and int place ? row.Values[place] switch
    {
        long whole => whole,
        double number when Math.Abs(number) < 1L << 53 && Math.Floor(number) == number => (long)number,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,

        // pandas writes ids with a gap among them as numbers with a fraction.
        string text when text.EndsWith(".0", StringComparison.Ordinal) && long.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        _ => null,
    } : null;

    private int PlaceOf(TableRow row, ColumnRole role)
    {
        if (!ReferenceEquals(row.Names, _names))
        {
            _names = row.Names;
            _places.Clear();
        }

        if (!_places.TryGetValue(role, out int place))
        {
            string[] names = [.. row.Names];
            place = columns.NamesOf(role).Select(name => Array.IndexOf(names, name)).FirstOrDefault(static found => found >= 0, -1);
            _places.Add(role, place);
        }

        return place;
    }
}
