using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

/// <summary>How counts, sizes, hashes, names and times read.</summary>
public sealed class FiguresTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(0, "0 boxes", "+0")]
    [InlineData(1, "1 box", "+1")]
    [InlineData(1204, "1,204 boxes", "+1,204")]
    [InlineData(-1204, "-1,204 boxes", "-1,204")]
    public void Counts_have_separators_a_noun_and_a_sign(long count, string noun, string difference) =>
        Assert.Equal((noun, difference), (Figures.Count(count, "box", "boxes"), Figures.Difference(count)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 KB")]
    [InlineData(999_949, "999.9 KB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(999_949_999, "999.9 MB")]
    [InlineData(999_950_000, "1.00 GB")]
    [InlineData(2_345_678_901_234, "2345.68 GB")]
    public void Sizes_never_round_to_a_thousand_of_their_unit(long bytes, string expected) => Assert.Equal(expected, Figures.Size(bytes));

    [Theory]
    [InlineData(Hash, "0123456789ab")]
    [InlineData("0123456789abcdef0123456789abcdef01234567", "0123456789ab")]
    [InlineData("0123456789ab", "0123456789ab")]
    [InlineData("abc", "abc")]
    [InlineData("", "")]
    [InlineData("exports/0123456789abcdef.json", "exports/0123456789abcdef.json")]
    public void Hashes_are_cut_and_other_texts_are_not(string text, string expected) => Assert.Equal(expected, Figures.ShortHash(text));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "n1")]
    [InlineData(2, "n1 or n2")]
    [InlineData(4, "n1, n2, n3 or n4")]
    [InlineData(5, "n1, n2 or 3 more")]
    public void Names_are_listed_as_far_as_they_are_read(int count, string expected) =>
        Assert.Equal(expected, Figures.List([.. Enumerable.Range(1, count).Select(static n => $"n{n}")], "or", most: 4));

    [Theory]
    [InlineData("", null, "[]")]
    [InlineData("1.5 2", null, "[1.5, 2]")]
    [InlineData("1 2 3 4", null, "[1, 2, 3, 4]")]
    [InlineData("1 2 3 4 5 6", null, "[1, 2, 3, 4, … 2 more]")]
    [InlineData("1 2 3 4 5 6", "1 2 3 9 5 6", "[1, 2, 3, 4, … 2 more]")]
    [InlineData("1 2 3 4 5 6 7 8 9 10", "1 2 3 4 9 6 7 8 9 10", "[4 the same, 5, 6, 7, 8, … 2 more]")]
    [InlineData("1 2 3 4 0", "1 2 3 4 -0", "[4 the same, 0]")]
    [InlineData("1 2 3 4 -0", "1 2 3 4 0", "[4 the same, -0]")]
    [InlineData("1 2 3 4", "1 2 3 4 5", "[4 the same]")]
    [InlineData("1 2 3 4 5", "1 2 3 4", "[4 the same, 5]")]
    [InlineData("1", "", "[1]")]
    [InlineData("", "1", "[]")]
    public void Lists_of_numbers_are_shown_where_they_differ(string numbers, string? beside, string expected) =>
        Assert.Equal(expected, Figures.List(Numbers(numbers), beside is null ? null : Numbers(beside)));

    [Theory]
    [InlineData(-1, "2026-05-11 12:00")]
    [InlineData(59, "just now")]
    [InlineData(60, "1 min ago")]
    [InlineData(3599, "59 min ago")]
    [InlineData(3600, "1 hour ago")]
    [InlineData(47 * 3600, "47 hours ago")]
    [InlineData(48 * 3600, "2 days ago")]
    [InlineData(28 * 24 * 3600, "2026-04-13")]
    public void Ages_are_as_people_say_them(int seconds, string expected)
    {
        var now = new DateTime(2026, 5, 11, 12, 0, 0, DateTimeKind.Utc);
        Assert.Equal(expected, Figures.Age(now.AddSeconds(-seconds), now));
    }

    [Theory]
    [InlineData("0.2", 0.2)]
    [InlineData("20%", 0.2)]
    [InlineData(" 7.3 % ", 0.073)]
    [InlineData("-5%", -0.05)]
    [InlineData("1", 1.0)]
    public void A_share_is_a_number_or_a_percentage(string text, double expected)
    {
        Assert.True(Figures.TryParseShare(text, out double share));
        Assert.Equal(expected, share);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("0,2")]
    [InlineData("20%%")]
    [InlineData("NaN")]
    [InlineData("1e3")]
    public void Anything_else_is_no_share(string text) => Assert.False(Figures.TryParseShare(text, out _));

    [Fact]
    public void Times_are_in_UTC()
    {
        var time = new DateTimeOffset(2026, 5, 12, 1, 30, 59, TimeSpan.FromHours(2));
        Assert.Equal(("2026-05-11", "2026-05-11 23:30"), (Figures.Date(time), Figures.Time(time)));
    }

    private static double[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
}
