using System.Globalization;
using System.Text.RegularExpressions;

namespace HarvestTools.Rules;

/// <summary>By how much a version must rise.</summary>
public static class BumpSize
{
    /// <summary>No row changes.</summary>
    public const string Patch = nameof(Patch);

    /// <summary>Rows change, or may.</summary>
    public const string Minor = nameof(Minor);
}

/// <summary>The next version of the harvest rules, as the check proposes it.</summary>
/// <param name="Name">Of the definition, for example <c>harvest</c>.</param>
/// <param name="From">The version that stands for two things now.</param>
/// <param name="To">The version to write into harvest.json.</param>
/// <param name="Size">Why that one.</param>
/// <param name="ChangeLog">A sentence for the change log.</param>
public sealed partial record VersionBump(string Name, string From, string To, string Size, string ChangeLog)
{
    /// <summary>Whether rows of shipped slices change: true for a minor and false for a patch version, null where it is not known.</summary>
    public bool? RowsChange { get; init; } = Size != BumpSize.Patch;

    /// <summary>How the program is trusted that would have to be run to know whether rows change; null where it is, or need not be.</summary>
    internal RemedyAction.TrustProgram? Trust { get; init; }

    /// <summary>Where harvest.json has the definition: <c>harvest</c>, or <c>definitions.regions</c>.</summary>
    internal string Place { get; init; } = "harvest";

    /// <summary>The size and why: <c>minor: rows may change</c>.</summary>
    public string Why => RowsChange switch
    {
        true => "minor: rows change",
        false => "patch: no row changes",
        null => "minor: rows may change",
    };

    /// <param name="definition">The definition in harvest.json.</param>
    /// <param name="rowsChange">Whether rows change; null where it is not known.</param>
    /// <param name="taken">Full versions that slices were made under; the proposal is none of them.</param>
    /// <param name="what">What changed, without a full stop.</param>
    internal static VersionBump Propose(HarvestDefinition definition, bool? rowsChange, IEnumerable<string> taken, string what)
    {
        string size = rowsChange == false ? BumpSize.Patch : BumpSize.Minor;
        var used = taken.ToHashSet(StringComparer.Ordinal);
        string next = definition.Version;
        do
        {
            next = Raise(next, size);
        }
        while (used.Contains($"{definition.Name}@{next}"));

        return new VersionBump(definition.Name, definition.Version, next, size, $"{definition.Name}@{next}: {what}.") { RowsChange = rowsChange, Place = definition.Place };
    }

    /// <summary>v1.4.2 becomes v1.4.3 or v1.5.0; of a version of another form the last number rises, or one is added.</summary>
    internal static string Raise(string version, string size)
    {
        Match three = ThreeNumbers().Match(version);
        if (three.Success)
        {
            return size == BumpSize.Patch
                ? $"{three.Groups[1].Value}{three.Groups[2].Value}.{Next(three.Groups[3].Value)}"
                : $"{three.Groups[1].Value}{Next(three.Groups[2].Value)}.0";
        }

        Match last = LastNumber().Match(version);
        return last.Success ? last.Groups[1].Value + Next(last.Groups[2].Value) : version + "-2";
    }

    private static string Next(string digits) =>
        (UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 number) ? number + 1 : 1)
            .ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(v?[0-9]+\.)([0-9]+)\.([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeNumbers();

    [GeneratedRegex("^(.*?)([0-9]+)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex LastNumber();
}
