using System.Text;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

/// <summary>Integers in any spelling: two that the label hash takes for one number are one.</summary>
public sealed class JsonIntegerTests
{
    [Theory]
    [InlineData("1001", 1001)]
    [InlineData("1001.0", 1001)]
    [InlineData("1.001e3", 1001)]
    [InlineData("-1.5e1", -15)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("9007199254740992.0", 9007199254740992)]
    [InlineData("9007199254740993.0", 9007199254740992)]
    [InlineData("1e17", 100000000000000000)]
    [InlineData("-1E+17", -100000000000000000)]
    [InlineData("1e18", 1000000000000000000)]
    [InlineData("123456789012345678.0", 123456789012345680)]
    [InlineData("9.2e18", 9200000000000000000)]
    [InlineData("9223372036854775807", 9223372036854775807)]
    [InlineData("-9223372036854775808", -9223372036854775808)]
    public void An_integer_is_read_in_any_spelling(string text, long expected)
    {
        Assert.True(JsonInteger.TryParse(Encoding.UTF8.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    /// <summary>Spelled as no integer, it is the number that its canonical form is.</summary>
    [Theory]
    [InlineData("1e17")]
    [InlineData("9007199254740993.0")]
    [InlineData("123456789012345678.0")]
    [InlineData("1234567890123456.5e1")]
    [InlineData("8.123456789012345678e18")]
    public void It_is_the_number_that_its_canonical_form_is(string text)
    {
        var canonical = new ByteWriter();
        Assert.True(CanonicalNumber.TryAppendExact(Encoding.UTF8.GetBytes(text), canonical));
        Assert.True(JsonInteger.TryParse(Encoding.UTF8.GetBytes(text), out long value));
        Assert.True(JsonInteger.TryParse(canonical.Written, out long same));
        Assert.Equal(same, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e-1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("9223372036854775808.0")]
    [InlineData("1e19")]
    [InlineData("1e400")]
    [InlineData("100000000000000000000000")]
    [InlineData("")]
    [InlineData(" 1.0")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("x")]
    public void What_is_no_integer_of_64_bits_is_none(string text) => Assert.False(JsonInteger.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
