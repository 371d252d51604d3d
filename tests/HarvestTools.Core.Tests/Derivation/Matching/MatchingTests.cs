using CsCheck;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation;

/// <summary>Which regions of several people are one, against the rule applied word by word.</summary>
public sealed class MatchingTests
{
    private static readonly DerivationLimits Limits = DerivationVersion.Current.Limits;

    public static TheoryData<int> Kinds =>
        [(int)RegionKind.Keypoint, (int)RegionKind.Rectangle, (int)RegionKind.Polygon, (int)RegionKind.Timeline, (int)RegionKind.Attribute];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Groups_are_those_of_the_rule(int kind) => MatchedItems.Of((RegionKind)kind).Sample(
        static items => Assert.Equal(items.MatchPlainly(5 + 1e-6, 3), items.Match(HarvestRules.Default, Limits)), iter: 150);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_crowd_is_matched_as_a_few_are(int kind)
    {
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0 };
        MatchedItems.Of((RegionKind)kind, most: 24).Sample(
            items => Assert.Equal(items.Match(HarvestRules.Default, Limits), items.Match(HarvestRules.Default, crowd)), iter: 100);
    }

    /// <summary>Of so few regions most runs are of one or two, which are matched without an order of pairs.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pair_is_matched_as_a_crowd_is(int kind)
    {
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0 };
        MatchedItems.Of((RegionKind)kind, most: 5).Sample(
            items => Assert.Equal(items.Match(HarvestRules.Default, crowd), items.Match(HarvestRules.Default, Limits)), iter: 400);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Frames_and_pixels_have_limits_of_their_own(int kind)
    {
        var rules = new HarvestRules { MinPixelAgreement = 2, MinFrameAgreement = 7 };
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0 };
        MatchedItems.Of((RegionKind)kind).Sample(
            items =>
            {
                string[] expected = items.MatchPlainly(2 + 1e-6, 7);
                Assert.Equal(expected, items.Match(rules, Limits));
                Assert.Equal(expected, items.Match(rules, crowd));
            },
            iter: 150);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_matched_before_changes_nothing(int kind) => Gen.Select(MatchedItems.Of((RegionKind)kind, most: 20), MatchedItems.Of((RegionKind)kind)).Sample(
        static (before, items) =>
        {
            var agreement = new Agreement(HarvestRules.Default, Limits);
            before.Match(agreement);
            Assert.Equal(items.Match(HarvestRules.Default, Limits), items.Match(agreement));
        },
        iter: 100);

    /// <summary>A limit of nothing joins what is equal, and reaches no farther.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_a_tolerance_equal_ones_are_one(int kind)
    {
        var rules = new HarvestRules { MinPixelAgreement = 0, MinFrameAgreement = 0 };
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0 };
        MatchedItems.Of((RegionKind)kind).Sample(
            items =>
            {
                string[] expected = items.MatchPlainly(1e-6, 0);
                Assert.Equal(expected, items.Match(rules, Limits));
                Assert.Equal(expected, items.Match(rules, crowd));
            },
            iter: 150);
    }
}
