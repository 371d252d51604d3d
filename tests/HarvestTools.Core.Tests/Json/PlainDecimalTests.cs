using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CsCheck;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

/// <summary>The short cut for plain numbers against the framework's parser and its shortest texts.</summary>
public sealed class PlainDecimalTests
{
    /// <summary>Doubles as written, with digits cut, changed and added, and decimals around powers of two.</summary>
    private static readonly Gen<string[]> s_texts = Gen.Select(
        Gen.Frequency(
            (2, (IGen<double>)Gen.Double[0, 100]),
            (1, Gen.Select(Gen.Int[-8, 19], Gen.Double[-0.5, 0.5], static (power, aside) => Math.Pow(2, power) * (1 + (aside * 1e-14)))),
            (1, Gen.Select(Gen.Int[-3, 16], Gen.Double[-0.5, 0.5], static (power, value) => value * Math.Pow(10, power)))),
        Gen.Int[1, 9],
        Texts);

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

    /// <summary>Half way between two doubles, the even one is the nearest, however many zeros are behind the point.</summary>
    [Theory]
    [InlineData("9802897264899629", 9802897264899628)]
    [InlineData("9802897264899629.0", 9802897264899628)]
    [InlineData("9802897264899629.0000", 9802897264899628)]
    [InlineData("-9802897264899629.0000", -9802897264899628)]
    [InlineData("9802897264899631.0000", 9802897264899632)]
    [InlineData("9802897264899629.00001", 9802897264899630)]
    [InlineData("9802897264899629000e-3", 9802897264899628)]
    [InlineData("1152921504606847104.0", 1152921504606846976)]
    [InlineData("1152921504606847104.0000000000000000000000000001", 1152921504606847232)]
    public void A_tie_is_rounded_to_even(string text, long expected)
    {
        Assert.True(CanonicalNumber.TryParse(Encoding.UTF8.GetBytes(text), out double read));
        Assert.Equal(expected, (long)read);
    }

    [Fact]
    public void Numbers_are_read_to_the_last_bit()
    {
        int taken = 0;
        s_texts.Sample(
            texts =>
            {
                foreach (string text in texts)
                {
                    byte[] utf8 = Encoding.UTF8.GetBytes(text);
                    double expected = double.Parse(text, CultureInfo.InvariantCulture);
                    Interlocked.Add(ref taken, PlainDecimal.TryRead(utf8, out PlainDecimal plain) && plain.TryToDouble(out _) ? 1 : 0);

                    Assert.True(CanonicalNumber.TryParse(utf8, out double read));
                    Assert.True(expected.Equals(read) && double.IsNegative(expected) == double.IsNegative(read), text);
                }
            },
            iter: 60_000,
            print: Print);

        Assert.InRange(taken, 150_000, int.MaxValue);
    }

    [Fact]
    public void A_text_called_shortest_is_what_the_framework_writes()
    {
        int proven = 0;
        s_texts.Sample(
            texts =>
            {
                foreach (string text in texts)
                {
                    if (PlainDecimal.TryRead(Encoding.UTF8.GetBytes(text), out PlainDecimal plain) && plain.IsShortest())
                    {
                        Interlocked.Increment(ref proven);
                        Assert.True(double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) == text, text);
                    }
                }
            },
            iter: 60_000,
            print: Print);

        Assert.InRange(proven, 50_000, int.MaxValue);
    }

    /// <summary>With as many digits as are taken, at every place: the largest differences that are compared.</summary>
    [Fact]
    public void The_longest_numbers_are_read_to_the_last_bit()
    {
        int taken = 0;
        Gen.Select(Gen.Int[0, 18], Gen.Long[100_000_000_000_000_000, 999_999_999_999_999_999], Gen.Int[0, 12]).Sample(
            (places, digits, zeros) =>
            {
                string text = (digits / (long)Math.Pow(10, zeros) * (long)Math.Pow(10, zeros)).ToString(CultureInfo.InvariantCulture);
                text = places == 0 ? text : places == 18 ? "0." + text[..17] : text[..^places] + "." + text[^places..];
                if (PlainDecimal.TryRead(Encoding.UTF8.GetBytes(text), out PlainDecimal plain) && plain.TryToDouble(out double read))
                {
                    double expected = double.Parse(text, CultureInfo.InvariantCulture);
                    Interlocked.Increment(ref taken);
                    Assert.True(expected.Equals(read), text);
                    Assert.False(plain.IsShortest() && expected.ToString("R", CultureInfo.InvariantCulture) != text, text);
                }
            },
            iter: 60_000);

        Assert.InRange(taken, 50_000, 60_000);
    }

    [Fact]
    public void Halves_between_doubles_are_left_to_others_or_right()
    {
        Gen.Long[0, (1L << 20) - 1].Sample(
            static number =>
            {
                // 2^53 and up doubles are two apart; an odd number over two is a half between neighbours of 2^52 and up.
                long odd = (1L << 53) + (number * 2) + 1;
                string text = (odd / 2).ToString(CultureInfo.InvariantCulture) + ".5";
                byte[] utf8 = Encoding.UTF8.GetBytes(text);

                Assert.True(Utf8Parser.TryParse(utf8, out double expected, out _));
                Assert.True(CanonicalNumber.TryParse(utf8, out double read));
                Assert.True(expected.Equals(read), text);
            },
            iter: 20_000);
    }

    private static string Print(string[] texts) => string.Join(' ', texts);

    private static string[] Texts(double value, int digit)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        string[] written = [text, value.ToString("F15", CultureInfo.InvariantCulture), value.ToString("F12", CultureInfo.InvariantCulture)];
        string more = digit.ToString(CultureInfo.InvariantCulture);
        return !text.Contains('E', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal)
            ? [.. written, text + more, text[..^1] + more]
            : written;
    }
}
