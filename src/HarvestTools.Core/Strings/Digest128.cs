using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace HarvestTools.Strings;

/// <summary>
/// A hash of 128 bits, or a sum of such hashes. Not for security: it only keeps contents apart.
/// </summary>
/// <remarks>
/// Two words and no <see cref="UInt128"/>, of which the compiler ahead of time leaves out every method that has one: how it is
/// passed is not settled yet.
/// </remarks>
internal readonly record struct Digest128(ulong High, ulong Low)
{
    public const int Bytes = 16;

    public static Digest128 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        XxHash128.Hash(content, hash);
        return new Digest128(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[sizeof(ulong)..]));
    }

    public static Digest128 ReadLittleEndian(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(source[sizeof(ulong)..]), BinaryPrimitives.ReadUInt64LittleEndian(source));

    public void WriteLittleEndian(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[sizeof(ulong)..], High);
    }

    /// <summary>The sum, of which what is beyond 128 bits is left out.</summary>
    public static Digest128 operator +(Digest128 left, Digest128 right)
    {
        ulong low = left.Low + right.Low;
        return new Digest128(left.High + right.High + (low < left.Low ? 1UL : 0), low);
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
