using System.Globalization;
using System.Text;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

public sealed class Iso8601Tests
{
    [Theory]
    [InlineData("2026-05-11T14:32:00Z", "2026-05-11T14:32:00.0000000")]
    [InlineData("2026-05-11T14:32:00.123456Z", "2026-05-11T14:32:00.1234560")]
    [InlineData("2026-05-11T14:32:00.12345678901+00:00", "2026-05-11T14:32:00.1234567")]
    [InlineData("2026-05-11 14:32:00", "2026-05-11T14:32:00.0000000")]
    [InlineData("2026-05-11T14:32", "2026-05-11T14:32:00.0000000")]
    [InlineData("2026-05-11T00:30:00+02:00", "2026-05-10T22:30:00.0000000")]
    [InlineData("2026-12-31T23:30:00-0130", "2027-01-01T01:00:00.0000000")]
    [InlineData("2024-02-29T12:00:00+05", "2024-02-29T07:00:00.0000000")]
    public void Times_are_read_in_utc(string text, string utc)
    {
        Assert.True(Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out DateTime read));
        Assert.Equal(utc, read.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
        Assert.Equal(DateTimeKind.Utc, read.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-05-11")]
    [InlineData("yesterday afternoon")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2026-05-11T24:00:00Z")]
    [InlineData("2026-05-11T14:60:00Z")]
    [InlineData("2026-05-11T14:32:61Z")]
    [InlineData("2026-05-11T14:32:00.Z")]
    [InlineData("2026-05-11T14:32:00Zzz")]
    [InlineData("2026-05-11T14:32:00+2:00")]
    [InlineData("2026-05-11T14:32:00+25:00")]
    [InlineData("-026-05-11T14:32:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    public void Anything_else_is_no_time(string text) => Assert.False(Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void It_reads_what_the_framework_writes()
    {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++)
        {
            var time = new DateTimeOffset(new DateTime(random.NextInt64(DateTime.MaxValue.Ticks / 2, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay)), TimeSpan.FromMinutes(random.Next(-700, 700)));
            Assert.True(Iso8601.TryParse(Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture)), out DateTime read));
            Assert.Equal(time.UtcDateTime, read);
        }
    }
}
