using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Programs;

/// <summary>
/// SHA-256 of the rows of a table: schema and values, blind to how they are encoded. Without order, the hashes of the rows are added
/// up, so that the same rows in any order, each as often, give the same.
/// </summary>
/// <param name="ordered">Whether the order of rows counts.</param>
/// <param name="digits">To how many digits after the point numbers with a fraction are taken; null for all.</param>
internal sealed class RowDigest(bool ordered, int? digits) : IDisposable
{
    private const int Words = 4;

    private readonly IncrementalHash _all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _row = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ulong[] _sum = new ulong[Words];

    /// <summary>How many rows there were so far.</summary>
    public long Rows { get; private set; }

    /// <summary>A name or type of the schema, before the first row.</summary>
    public void Schema(string text) => Append(_all, text);

    /// <summary>A value of the present row; null is none.</summary>
    public void Value(string? text)
    {
        if (text is null)
        {
            _row.AppendData([0]);
        }
        else
        {
            _row.AppendData([1]);
            Append(_row, text);
        }
    }

    /// <summary>A number with a fraction of the present row.</summary>
    public void Value(double number) => Value(Text(number));

    /// <summary>As <see cref="Value(double)"/> takes it, in the fewest digits that give it back.</summary>
    public string Text(double number) => Text(number, digits);

    /// <summary>A number with a fraction in the fewest digits that give it back, rounded to so many after the point; null for all.</summary>
    public static string Text(double number, int? digits)
    {
        double rounded = digits is { } places && double.IsFinite(number) ? Math.Round(number, places, MidpointRounding.ToEven) : number;

        // Zero has two signs, and both are zero.
        return (rounded == 0 ? 0 : rounded).ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A value that is written as text: rounded where it is a number with a fraction and digits were asked for.</summary>
    public string Rounded(string text) => Rounded(text, digits);

    /// <summary>The same to so many digits; null leaves the text as it is.</summary>
    public static string Rounded(string text, int? digits) =>
        digits is not null && text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) ? Text(number, digits) : text;

    /// <summary>Ends the present row.</summary>
    public void EndRow()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _row.GetHashAndReset(hash);
        Rows++;
        if (ordered)
        {
            _all.AppendData(hash);
            return;
        }

        UInt128 carry = 0;
        for (int i = 0; i < Words; i++)
        {
            carry += (UInt128)_sum[i] + BinaryPrimitives.ReadUInt64LittleEndian(hash[(i * sizeof(ulong))..]);
            _sum[i] = (ulong)carry;
            carry >>= 64;
        }
    }

    /// <summary>64 lower-case hex digits, once all rows are in.</summary>
    public string Finish()
    {
        Append(_all, Rows.ToString(CultureInfo.InvariantCulture));
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        foreach (ulong part in ordered ? [] : _sum)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, part);
            _all.AppendData(word);
        }

        return Convert.ToHexStringLower(_all.GetHashAndReset());
    }

    public void Dispose()
    {
        _all.Dispose();
        _row.Dispose();
    }

    /// <summary>The length first, so that two texts are never taken for two others.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
