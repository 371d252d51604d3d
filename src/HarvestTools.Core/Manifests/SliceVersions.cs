using System.Globalization;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Manifests;

/// <summary>The versions that a slice was recorded under, and whether this release can give them.</summary>
/// <param name="FormatNumber">Of its format version.</param>
/// <param name="DerivationNumber">Of its derivation version.</param>
internal readonly record struct SliceVersions(int FormatNumber, int DerivationNumber)
{
    /// <summary>Those that this release records.</summary>
    public static SliceVersions Current => new(FormatVersion.Current.Number, DerivationVersion.Current.Number);

    /// <summary>Null where this release cannot write it.</summary>
    public FormatVersion? Format => FormatVersion.Find(FormatNumber);

    /// <summary>Null where this release cannot derive under it.</summary>
    public DerivationVersion? Derivation => DerivationVersion.Find(DerivationNumber);

    public bool AreSupported => Format is not null && Derivation is not null;

    /// <summary>
    /// What a manifest records; a version that is left out is the first, which builds before versions were recorded wrote. A
    /// manifest of inputs alone, as one writes by hand, recorded nothing that this release could miss: it is derived under
    /// the present versions.
    /// </summary>
    public static SliceVersions Of(SliceManifest slice) =>
        slice is { FormatVersion: null, DerivationVersion: null, Outputs.Count: 0 }
            ? Current
            : new(slice.FormatVersion ?? FormatVersion.BeforeItWasRecorded, slice.DerivationVersion ?? DerivationVersion.BeforeItWasRecorded);

    /// <summary>The ones that this release cannot give: <c>format version 1 and derivation version 1</c>; all where it can give both.</summary>
    public override string ToString()
    {
        string format = string.Create(CultureInfo.InvariantCulture, $"format version {FormatNumber}");
        string derivation = string.Create(CultureInfo.InvariantCulture, $"derivation version {DerivationNumber}");
        return (Format, Derivation) switch
        {
            (null, not null) => format,
            (not null, null) => derivation,
            _ => $"{format} and {derivation}",
        };
    }
}
