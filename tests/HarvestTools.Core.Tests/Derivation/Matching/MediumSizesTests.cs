using CsCheck;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public sealed class MediumSizesTests
{
    private static readonly Gen<(int Medium, double? Width, double? Height)> AnyRegion =
        Gen.Select(Gen.Int[0, 3], Gen.OneOf<double?>(null, 0, 100, 200, 300), Gen.OneOf<double?>(null, -1, 100, 200));

    // One of it is used for many tasks.
    private readonly MediumSizes _sizes = new();

    [Fact]
    public void A_medium_has_the_smallest_of_its_sizes_and_names_all_where_they_differ() => AnyRegion.List[0, 12].Sample(
        regions =>
        {
            _sizes.Collect([.. regions.Select(static region => new Candidate { Medium = region.Medium, Region = Region(region.Medium, region.Width, region.Height) })]);
            ImageSize[][] expected =
            [
                .. Enumerable.Range(0, 5).Select(medium => regions.Where(region => region.Medium == medium && region.Width > 0 && region.Height > 0)
                    .Select(static region => new ImageSize(region.Width!.Value, region.Height!.Value)).Distinct()
                    .OrderBy(static size => size.Width).ThenBy(static size => size.Height).ToArray()),
            ];

            Assert.Equal(expected.Count(static sizes => sizes.Length > 1), _sizes.Conflicts);
            for (int medium = 0; medium < expected.Length; medium++)
            {
                ImageSize? smallest = expected[medium].Length > 0 ? expected[medium][0] : null;
                Assert.Equal(smallest, _sizes.Of(medium));
                Assert.Equal(smallest, _sizes.Of(Region(medium, null, null)));
                if (regions.Exists(region => region.Medium == medium))
                {
                    Assert.Equal(expected[medium].Length > 1 ? expected[medium] : [], _sizes.ConflictOf(medium).ToArray());
                }
            }
        },
        threads: 1);

    private static Region Region(int medium, double? width, double? height) => new()
    {
        ToName = Utf8Text.From($"t{medium / 2}"),
        ItemIndex = medium % 2 == 0 ? null : 1,
        OriginalWidth = width,
        OriginalHeight = height,
    };
}
