using System.Text.RegularExpressions;
using CsCheck;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Rules;

/// <summary>Against the same forms as expressions.</summary>
public sealed partial class DefinitionNamesTests
{
    private static readonly Gen<string> s_texts = Gen.Frequency(
        (1, Gen.OneOf(Gen.Const("0"), Gen.Const("10"), Gen.Const("999999999"), Gen.Const("01"), Gen.Const("")).Array[2, 4].Select(static numbers => "v" + string.Join('.', numbers))),
        (3, Gen.Select(Gen.Int[0, 2].SelectMany(static n => Gen.OneOf(Gen.Const("data"), Gen.Const("v"), Gen.Const("a"), Gen.Const("")).Array[n, n]), Parts(), static (start, rest) => string.Concat(start) + rest)),
        (1, Gen.Char["data.v019_-A\né"].Array[0, 12].Select(static characters => new string(characters))));

    [Fact]
    public void Names_versions_and_sources_have_their_form()
    {
        int[] fitting = new int[3];
        s_texts.Sample(
            text =>
            {
                bool[] expected = [Name().IsMatch(text), Version().IsMatch(text), Source().IsMatch(text)];
                bool[] own = [DefinitionNames.IsName(text), DefinitionNames.IsVersion(text), DefinitionNames.IsSource(text)];
                Assert.Equal(expected, own);
                for (int i = 0; i < expected.Length; i++)
                {
                    Interlocked.Add(ref fitting[i], expected[i] ? 1 : 0);
                }
            },
            iter: 100_000);

        Assert.All(fitting, static count => Assert.InRange(count, 100, 99_900));
    }

    [Theory]
    [InlineData("v0.0.0", true)]
    [InlineData("v999999999.0.10", true)]
    [InlineData("v1000000000.0.0", false)]
    [InlineData("v1.0.0\n", false)]
    [InlineData("v1.0", false)]
    [InlineData("v1.0.0.0", false)]
    [InlineData("v1..0", false)]
    [InlineData("v1.01.0", false)]
    [InlineData("v١.0.0", false)]
    public void A_version_has_three_numbers(string text, bool fits)
    {
        Assert.Equal(fits, DefinitionNames.IsVersion(text));
        Assert.Equal(fits, Version().IsMatch(text));
    }

    private static Gen<string> Parts() => Gen.OneOf(Gen.Const("."), Gen.Const("0"), Gen.Const("1"), Gen.Const("90"), Gen.Const("x"), Gen.Const("v"), Gen.Const("-"), Gen.Const("123456789"))
        .Array[0, 6].Select(string.Concat);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\Av(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex(@"\Adata(?:\.[^.]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Source();
}
