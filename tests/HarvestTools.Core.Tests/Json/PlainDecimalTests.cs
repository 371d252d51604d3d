using System.Buffers.Text;
using System.Globalization;
using System.Text;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

/// <summary>The short cut for plain numbers against the framework's parser and its shortest texts.</summary>
public sealed class PlainDecimalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("1e5")]
    [InlineData("1.5e5")]
    [InlineData("1.5x")]
    [InlineData("1.1234567x")]
    [InlineData("1.12345678x")]
    [InlineData("x2345678")]
    [InlineData("1234567890123456789")]
    [InlineData("12345678.90123456789")]
    public void What_is_no_plain_number_is_left_to_others(string text) => Assert.False(PlainDecimal.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Numbers_are_read_to_the_last_bit()
    {
        int taken = 0;
        foreach (string text in Texts(53))
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            double expected = double.Parse(text, CultureInfo.InvariantCulture);
            taken += PlainDecimal.TryRead(utf8, out PlainDecimal plain) && plain.TryToDouble(out _) ? 1 : 0;

            Assert.True(CanonicalNumber.TryParse(utf8, out double read));
            Assert.True(expected.Equals(read) && double.IsNegative(expected) == double.IsNegative(read), text);
        }

        Assert.InRange(taken, 150_000, int.MaxValue);
    }

    [Fact]
    public void A_text_called_shortest_is_what_the_framework_writes()
    {
        int proven = 0;
        foreach (string text in Texts(54))
        {
            if (PlainDecimal.TryRead(Encoding.UTF8.GetBytes(text), out PlainDecimal plain) && plain.IsShortest())
            {
                proven++;
                Assert.True(double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) == text, text);
            }
        }

        Assert.InRange(proven, 50_000, int.MaxValue);
    }

    [Fact]
    public void Halves_between_doubles_are_left_to_others_or_right()
    {
        var random = new Random(55);
        for (int i = 0; i < 20_000; i++)
        {
            // 2^53 and up doubles are two apart; an odd number over two is a half between neighbours of 2^52 and up.
            long odd = (1L << 53) + (random.NextInt64(1L << 20) * 2) + 1;
            string text = (odd / 2).ToString(CultureInfo.InvariantCulture) + ".5";
            byte[] utf8 = Encoding.UTF8.GetBytes(text);

            Assert.True(Utf8Parser.TryParse(utf8, out double expected, out _));
            Assert.True(CanonicalNumber.TryParse(utf8, out double read));
            Assert.True(expected.Equals(read), text);
        }
    }

    /// <summary>Doubles as written, with digits cut, changed and added, and decimals around powers of two.</summary>
    private static IEnumerable<string> Texts(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 60_000; i++)
        {
            double value = (i % 4) switch
            {
                0 or 1 => random.NextDouble() * 100,
                2 => Math.Pow(2, random.Next(-8, 20)) * (1 + ((random.NextDouble() - 0.5) * 1e-14)),
                _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 17)),
            };
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            yield return text;
            yield return value.ToString("F15", CultureInfo.InvariantCulture);
            yield return value.ToString("F12", CultureInfo.InvariantCulture);
            if (!text.Contains('E', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal))
            {
                yield return text + random.Next(1, 10).ToString(CultureInfo.InvariantCulture);
                yield return text[..^1] + random.Next(1, 10).ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
