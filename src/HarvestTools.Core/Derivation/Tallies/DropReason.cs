using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>Why an annotation or a region gave no row, in the order in which the derivation asks.</summary>
internal enum DropReason
{
    Excluded,
    Cancelled,
    Empty,
    Superseded,
    UnsupportedType,
    NoLabel,
    NoGeometry,
    UntouchedPrediction,

    /// <summary>A segment without an end in a video whose length nothing tells.</summary>
    OpenEnd,
    Disagreement,
    SingleAnnotator,
}

/// <summary>The reasons as the rejected table and the tally write them.</summary>
internal static class DropReasons
{
    private static readonly string[] Names =
    [
        "excluded", "cancelled", "empty", "superseded", "unsupported-type", "no-label", "no-geometry", "untouched-prediction",
        "open-end", "disagreement", "single-annotator",
    ];

    private static readonly Utf8Text[] Texts = [.. Names.Select(Utf8Text.From)];

    public static int Count => Names.Length;

    public static string Name(DropReason reason) => Names[(int)reason];

    public static Utf8Text Text(DropReason reason) => Texts[(int)reason];

    public static int IndexOf(string name) => Array.IndexOf(Names, name);
}
