using System.Buffers.Text;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

/// <summary>The short cut to a double's shortest text against the framework's.</summary>
public sealed class ShortestDecimalTests
{
    private const int Numbers = 600_000;

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(50.0, "50")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.01, "0.01")]
    [InlineData(59.21006640663942, "59.21006640663942")]
    [InlineData(33.333333333333336, "33.333333333333336")]
    [InlineData(0.46875, "0.46875")]
    [InlineData(-0.010000000000000012, "-0.010000000000000012")]
    [InlineData(999_999_999.99999988, "999999999.9999999")]
    public void Numbers_of_the_size_of_coordinates_are_written(double number, string text) => Assert.Equal(text, Written(number));

    [Theory]
    [InlineData(-0.0)]
    [InlineData(0.0099)]
    [InlineData(1e9)]
    [InlineData(1e22)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    public void Others_are_left_to_the_framework(double number) => Assert.Null(Written(number));

    /// <summary>As a browser makes them of pixels: percents of an image, with every digit.</summary>
    [Fact]
    public void Percents_have_the_framework_s_text() => Check(99, static random => random.Next(0, 4_000_000) / 1000.0 / random.Next(1, 4000) * 100);

    [Fact]
    public void Every_mantissa_has_the_framework_s_text() =>
        Check(99, static random => BitConverter.Int64BitsToDouble(((long)random.Next(1023 - 6, 1023 + 29) << 52) | random.NextInt64(1L << 52)) * (random.Next(2) == 0 ? 1 : -1));

    /// <summary>Decimals of few digits and what is one or two steps beside them, where a digit more or less is the question.</summary>
    [Fact]
    public void Neighbours_of_short_decimals_have_the_framework_s_text() =>
        Check(
            99,
            static random =>
            {
                double number = Math.Round(random.NextInt64(10_000_000_000) / Math.Pow(10, random.Next(1, 10)), 9);
                for (int steps = random.Next(-3, 4); steps != 0; steps -= Math.Sign(steps))
                {
                    number = steps > 0 ? Math.BitIncrement(number) : Math.BitDecrement(number);
                }

                return number;
            },
            least: 70);

    /// <summary>Where the steps on both sides differ, and sums of few bits, of which many are halfway between two decimals.</summary>
    [Fact]
    public void Powers_of_two_and_sums_of_few_bits_have_the_framework_s_text() =>
        Check(
            99,
            static random =>
            {
                double number = Math.Pow(2, random.Next(-6, 30));
                double step = number;
                for (int bits = random.Next(4); bits > 0; bits--)
                {
                    step /= Math.Pow(2, random.Next(1, 20));
                    number += step;
                }

                return random.Next(4) switch { 0 => Math.BitIncrement(number), 1 => Math.BitDecrement(number), _ => number };
            },
            least: 50);

    private static void Check(int seed, Func<Random, double> make, int least = 95)
    {
        var random = new Random(seed);
        Span<byte> own = stackalloc byte[ShortestDecimal.MostBytes];
        Span<byte> expected = stackalloc byte[32];
        int taken = 0;
        for (int i = 0; i < Numbers; i++)
        {
            double number = make(random);
            if (ShortestDecimal.TryWrite(number, own, out int written))
            {
                taken++;
                Assert.True(Utf8Formatter.TryFormat(number, expected, out int length));
                if (!own[..written].SequenceEqual(expected[..length]))
                {
                    Assert.Equal(Encoding.ASCII.GetString(expected[..length]), Encoding.ASCII.GetString(own[..written]));
                }
            }
        }

        // A short cut that is never taken would be right about everything.
        Assert.InRange(taken, Numbers / 100 * least, Numbers);
    }

    private static string? Written(double number)
    {
        Span<byte> text = stackalloc byte[ShortestDecimal.MostBytes];
        return ShortestDecimal.TryWrite(number, text, out int written) ? Encoding.ASCII.GetString(text[..written]) : null;
    }
}
