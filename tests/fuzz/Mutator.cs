using System.Globalization;
using System.Text;

namespace HarvestTools.Fuzz;

/// <summary>
/// Makes inputs out of valid ones, by a seed: the same seed gives the same inputs on every machine. Half of the changes are of
/// bytes, half of JSON's own parts, since a random byte rarely gets past the syntax.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> seeds)
{
    private const int MostChanges = 6;
    private const int MostBytes = 1 << 20;

    // What readers stumble over: limits of number types, text that is no Unicode, names from the format, paths, patterns, markers.
    private static readonly byte[][] s_pieces =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-0", "-1", "1e999", "-1e999", "1e-400", "0.1", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
            "18446744073709551616", "2147483648", "1E400", "NaN", "Infinity", "01", "1.", ".5", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
            "\"\\u001b[2J\"", "\"\u202e\"", "\"../../x\"", "\"/\"", "\"C:\\\\x\"", "\"\\\\\\\\server\\\\x\"", "\"CON\"", "\".git\"", "\"a/../b\"", "\"v1/\"", "\"(a+)+$\"",
            "\"[\"", "\"2026-02-30T25:61:61Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "{}", "[]", "[[]]", "{\"\":{}}", ",", ":", "[", "]",
            "{", "}", "\"", "\\", "\\u", "//", "/*", "\uFEFF", "<<<<<<< HEAD\n", "=======\n", ">>>>>>> b\n", "\r\n", "\0", "\u00a0", "\u2028", "e\u0301", "\ud83d\udc4b\ud83c\udffd",
            "\"id\":", "\"result\":", "\"value\":", "\"sequence\":", "\"type\":", "\"annotations\":", "\"sha256\":", "\"version\":", "\"rows\":",
            "\"videorectangle\"", "\"keypointlabels\"", "\"polygonlabels\"", "\"brushlabels\"", "\"choices\"", "\"rectanglelabels\"", "\"timelinelabels\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0x1F, 0x8B], [0x50, 0x4B, 3, 4], [0x50, 0x41, 0x52, 0x31],
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        byte[] bytes = [.. seeds[_random.Next(seeds.Count)]];
        for (int left = _random.Next(1, MostChanges + 1); left > 0; left--)
        {
            bytes = Change(bytes);
        }

        return bytes.Length > MostBytes ? bytes[..MostBytes] : bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Piece();
        }

        int at = _random.Next(bytes.Length);
        int length = Math.Min(bytes.Length - at, 1 + (int)Math.Pow(2, _random.NextDouble() * 12));
        switch (_random.Next(14))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..at], .. Piece(), .. bytes[at..]];
            case 4:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 5:
                return bytes[..at];
            case 6:
                byte[] other = seeds[_random.Next(seeds.Count)];
                int from = _random.Next(other.Length + 1);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + length)], .. bytes[at..]];
            case 7:
                return [.. bytes[..at], .. Nested(), .. bytes[at..]];
            case 8:
                return Replace(bytes, Texts(bytes), static (mutator, _) => mutator.Piece());
            case 9:
                return Replace(bytes, Numbers(bytes), static (mutator, _) => mutator.Piece());
            case 10:
                return Replace(bytes, Numbers(bytes), static (mutator, number) => Encoding.UTF8.GetBytes(mutator.Near(number)));
            case 11:
                return Swap(bytes, Texts(bytes));
            case 12:
                return Swap(bytes, Numbers(bytes));
            default:
                // One member's or item's text in the place of another's, of whatever kind.
                return Swap(bytes, [.. Texts(bytes), .. Numbers(bytes)]);
        }
    }

    private byte[] Piece() => s_pieces[_random.Next(s_pieces.Length)];

    private byte[] Nested()
    {
        int depth = 1 << _random.Next(1, 13);
        string open = _random.Next(2) == 0 ? "[" : "{\"a\":";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "1" + (_random.Next(2) == 0 ? new string(open == "[" ? ']' : '}', depth) : ""));
    }

    private string Near(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? (value + (_random.Next(-2, 3) * Math.Pow(10, _random.Next(-3, 12)))).ToString("R", CultureInfo.InvariantCulture)
            : number;

    private byte[] Replace(byte[] bytes, List<Range> places, Func<Mutator, string, byte[]> with)
    {
        if (places.Count == 0)
        {
            return bytes;
        }

        Range place = places[_random.Next(places.Count)];
        return [.. bytes[..place.Start.Value], .. with(this, Encoding.UTF8.GetString(bytes[place])), .. bytes[place.End.Value..]];
    }

    private byte[] Swap(byte[] bytes, List<Range> places)
    {
        if (places.Count < 2)
        {
            return bytes;
        }

        Range one = places[_random.Next(places.Count)];
        Range other = places[_random.Next(places.Count)];
        (one, other) = one.Start.Value <= other.Start.Value ? (one, other) : (other, one);
        return one.End.Value > other.Start.Value
            ? bytes
            : [.. bytes[..one.Start.Value], .. bytes[other], .. bytes[one.End.Value..other.Start.Value], .. bytes[one], .. bytes[other.End.Value..]];
    }

    /// <summary>Texts with their quotes, member names among them.</summary>
    private static List<Range> Texts(byte[] bytes)
    {
        var found = new List<Range>();
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '"')
            {
                continue;
            }

            int end = at + 1;
            while (end < bytes.Length && bytes[end] != '"')
            {
                end += bytes[end] == '\\' ? 2 : 1;
            }

            if (end < bytes.Length)
            {
                found.Add(at..(end + 1));
            }

            at = end;
        }

        return found;
    }

    private static List<Range> Numbers(byte[] bytes)
    {
        var found = new List<Range>();
        for (int at = 0; at < bytes.Length; at++)
        {
            int end = at;
            while (end < bytes.Length && bytes[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'.' or (byte)'e')
            {
                end++;
            }

            if (end > at && bytes[at] != 'e')
            {
                found.Add(at..end);
            }

            at = end;
        }

        return found;
    }
}
