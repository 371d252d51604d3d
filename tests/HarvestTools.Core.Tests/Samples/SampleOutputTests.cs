using System.Globalization;
using System.Text;
using HarvestTools.Samples;

namespace HarvestTools.Tests.Samples;

public sealed class SampleOutputTests
{
    /// <summary>The authors' generator from state 1, 2, 3, 4.</summary>
    [Fact]
    public void The_generator_follows_the_published_test_vector()
    {
        var random = new SampleRandom(1, 2, 3, 4);

        ulong[] numbers = [.. Enumerable.Range(0, 10).Select(_ => random.Next())];

        Assert.Equal(
            [
                11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
                16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
            ],
            numbers);
    }

    [Fact]
    public void The_seed_is_mixed_as_splitmix64_does() => Assert.Equal(6457827717110365317UL, SampleRandom.Mix(1234567));

    [Fact]
    public void Numbers_drawn_stay_in_range_and_are_spread_evenly()
    {
        var random = new SampleRandom(7, 0, 0, SampleStream.Scene);
        var counts = new int[6];
        double low = 1;
        double high = 0;
        double bell = 0;
        for (int i = 0; i < 60_000; i++)
        {
            counts[random.Below(6)]++;
            double unit = random.Unit();
            (low, high) = (Math.Min(low, unit), Math.Max(high, unit));
            bell = Math.Max(bell, Math.Abs(random.Bell(3)));
        }

        Assert.All(counts, static count => Assert.InRange(count, 9_600, 10_400));
        Assert.InRange(low, 0, 0.001);
        Assert.InRange(high, 0.999, 0.9999999999999999);
        Assert.InRange(bell, 4.5, 6);
    }

    [Theory]
    [InlineData(0, "0 minutes")]
    [InlineData(59, "0 minutes")]
    [InlineData(60, "1 minute")]
    [InlineData(63 * 60, "1 hour, 3 minutes")]
    [InlineData(7 * 86_400, "1 week")]
    [InlineData((7 * 86_400) + 3_600, "1 week")]
    [InlineData((4 * 86_400) + 3_600, "4 days, 1 hour")]
    [InlineData((6 * 86_400) + (21 * 3_600) + 59, "6 days, 21 hours")]
    [InlineData((15 * 86_400) + 5, "2 weeks, 1 day")]
    public void Ages_are_written_as_Django_does(int seconds, string expected) =>
        Assert.Equal(NoBreak(expected), Text(output => output.WriteAge(seconds * 1_000_000L)));

    [Theory]
    [InlineData("2026-01-05T08:00:00.0000010")]
    [InlineData("2024-02-29T23:59:59.9999990")]
    [InlineData("2031-12-31T00:10:07.1203400")]
    public void Times_are_written_with_microseconds(string time)
    {
        var moment = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

        Assert.Equal(
            moment.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            Text(output => output.WriteTime((moment.Ticks - DateTime.UnixEpoch.Ticks) / 10)));
    }

    [Fact]
    public void A_whole_second_has_no_fraction() => Assert.Equal("1970-01-01T00:00:05Z", Text(static output => output.WriteTime(5_000_000)));

    [Theory]
    [InlineData(0, 6, "000000")]
    [InlineData(1, 4, "0001")]
    [InlineData(10, 4, "0010")]
    [InlineData(345, 6, "000345")]
    [InlineData(9999, 4, "9999")]
    [InlineData(12345, 4, "12345")]
    public void Numbers_are_padded_with_zeros(int number, int digits, string expected) =>
        Assert.Equal(expected, Text(output => output.WritePadded(number, digits)));

    [Fact]
    public void Ids_have_the_shape_of_Label_Studios()
    {
        Assert.Matches("^[A-Za-z0-9_-]{10}$", Text(static output => output.WriteRegionId(ulong.MaxValue >> 4)));
        Assert.Equal("AAAAAAAAAB", Text(static output => output.WriteRegionId(1)));
        Assert.Matches(
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            Text(static output => output.WriteUuid(0x0123456789ABCDEF, ulong.MaxValue)));
    }

    [Fact]
    public void A_text_longer_than_the_buffer_passes_through_in_order()
    {
        byte[] long1 = Encoding.ASCII.GetBytes(new string('x', 700_000));

        string text = Text(output =>
        {
            output.Write("a"u8);
            output.Write(long1);
            output.WriteNumber(42L);
            Assert.Equal(700_003, output.Bytes);
        });

        Assert.Equal("a" + new string('x', 700_000) + "42", text);
    }

    [Fact]
    public void The_users_culture_does_not_matter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        ExportPlan plan = ExportPlan.ForTasks(SampleKind.Hands, 30, predictedShare: 0.5) with { DraftShare = 0.5, OrderSeed = 1 };
        using var expected = new MemoryStream();
        ExportGenerator.Write(expected, plan);
        try
        {
            CultureInfo.CurrentCulture = Odd();
            using var actual = new MemoryStream();
            ExportGenerator.Write(actual, plan);

            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>A culture that shows in every number and date that is not written invariantly.</summary>
    private static CultureInfo Odd()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        culture.DateTimeFormat.DateSeparator = "!";
        culture.DateTimeFormat.TimeSeparator = "!";
        return culture;
    }

    private static string NoBreak(string age) => age.Replace(" ", "\u00a0", StringComparison.Ordinal).Replace(",\u00a0", ", ", StringComparison.Ordinal);

    private static string Text(Action<SampleOutput> write)
    {
        using var stream = new MemoryStream();
        var output = new SampleOutput(stream);
        write(output);
        output.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
