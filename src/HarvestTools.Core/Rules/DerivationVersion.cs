using System.Globalization;

namespace HarvestTools.Rules;

/// <summary>
/// What rows mean: which rules there are, what each is where nothing is said, and the numbers that are no rules. A default
/// never changes within a version, and the default of a rule that is added means "as before", so that a definition that
/// does not name the rule keeps its hash and its rows. What would change rows is another version.
/// </summary>
public sealed class DerivationVersion
{
    // A manifest that names no version was written by a build before versions were recorded.
    internal const int BeforeItWasRecorded = 1;

    internal DerivationVersion(
        int number, IReadOnlyList<HarvestRule> ruleList, HarvestRules rules, FieldMapping fields, DerivationLimits limits) =>
        (Number, RuleList, Rules, Fields, Limits) = (number, ruleList, rules, fields, limits);

    /// <summary>What new slices are derived under.</summary>
    public static DerivationVersion Current { get; } = new(
        2,
        RulesJson.All,
        HarvestRules.Default,
        FieldMapping.Default,
        new DerivationLimits
        {
            TaskFramesMax = 10_000_000,
            UnknownImageSize = 1000,
            RoundingNoise = 1e-6,
            CompareAllUpTo = 64,
            CrowdLook = 64,
            CrowdNearest = 16,
            CrowdParentReach = 50,
            NearestOtherLook = 256,
            PolygonCompareMax = 10_000,
            ParentLevelsMax = 32,
        });

    /// <summary>Every version that this release can derive under.</summary>
    public static IReadOnlyList<DerivationVersion> Supported { get; } = [Current];

    /// <summary>As slice.json has it.</summary>
    public int Number { get; }

    /// <summary>The rules where a definition says nothing.</summary>
    public HarvestRules Rules { get; }

    /// <summary>The fields where a definition says nothing.</summary>
    public FieldMapping Fields { get; }

    /// <summary>The rules by name, in the order in which files list them.</summary>
    internal IReadOnlyList<HarvestRule> RuleList { get; }

    internal DerivationLimits Limits { get; }

    /// <summary>The version of that number; null where this release cannot derive under it.</summary>
    public static DerivationVersion? Find(int number) => Supported.FirstOrDefault(version => version.Number == number);

    /// <summary>The number.</summary>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
