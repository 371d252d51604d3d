using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

public sealed class RecordingClockTests
{
    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1778509920", "2026-05-11T14:32:00Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59Z")]
    public void The_variable_is_seconds_since_1970(string epoch, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), RecordingClock.Parse(epoch));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" 1")]
    [InlineData("253402300800")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_an_error_that_says_so(string epoch)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => RecordingClock.Parse(epoch));

        Assert.Equal("SourceDateInvalid", error.ErrorId);
        Assert.Contains($"\"{epoch}\"", error.Message, StringComparison.Ordinal);
    }
}
