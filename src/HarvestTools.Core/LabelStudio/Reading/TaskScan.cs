using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Finds the end of a task by counting braces and brackets outside strings, 64 bytes at a time, and can stop where the
/// bytes read so far end and go on later. It does not judge the JSON: whoever parses the task does.
/// </summary>
/// <remarks>
/// The bit-mask technique (strings by prefix-xor over unescaped quotes, escapes by carry over odd runs of backslashes) is
/// that of simdjson: Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 28 (2019).
/// </remarks>
internal struct TaskScan
{
    private const int Block = 64;

    /// <summary>Bytes of the task that are scanned; always whole blocks.</summary>
    private int _scanned;
    private int _depth;

    /// <summary>All ones where the last block ended inside a string.</summary>
    private ulong _inString;

    /// <summary>1 where the last block ended in a backslash that escapes the next byte.</summary>
    private ulong _escapesNext;

    /// <summary>
    /// Goes on from where the last call stopped. <paramref name="task"/> starts at the task's opening brace.
    /// </summary>
    /// <param name="task">What is there of the task and of what follows it.</param>
    /// <param name="final">True where no more bytes come; the last call.</param>
    /// <returns>The task's length, or -1 where its end is not there.</returns>
    public int FindEnd(ReadOnlySpan<byte> task, bool final)
    {
        ref byte start = ref MemoryMarshal.GetReference(task);
        while (_scanned <= task.Length - Block)
        {
            int end = ScanBlock(ref Unsafe.Add(ref start, _scanned));
            if (end >= 0)
            {
                return _scanned + end + 1;
            }

            _scanned += Block;
        }

        if (!final || _scanned == task.Length)
        {
            return -1;
        }

        Span<byte> padded = stackalloc byte[Block];
        padded.Fill((byte)' ');
        task[_scanned..].CopyTo(padded);
        int last = ScanBlock(ref MemoryMarshal.GetReference(padded));
        return last >= 0 ? _scanned + last + 1 : -1;
    }

    /// <summary>Index of the byte that closes the task, or -1.</summary>
    private int ScanBlock(ref byte block)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref block);
        Vector256<byte> high = Vector256.LoadUnsafe(ref block, 32);

        ulong strings = Strings(Mask(low, high, (byte)'"'), Mask(low, high, (byte)'\\'));

        // Setting bit 5 makes [ of { and ] of }, and of nothing else in ASCII (bytes above 0x7F keep their top bit).
        Vector256<byte> bit5 = Vector256.Create((byte)0x20);
        low |= bit5;
        high |= bit5;
        ulong opens = Mask(low, high, (byte)'{') & ~strings;
        ulong closes = Mask(low, high, (byte)'}') & ~strings;

        int closing = BitOperations.PopCount(closes);
        if (_depth > closing)
        {
            // Even if all of them came first, the task would stay open: nothing to look at one by one.
            _depth += BitOperations.PopCount(opens) - closing;
            return -1;
        }

        return WalkBlock(opens, closes);
    }

    private int WalkBlock(ulong opens, ulong closes)
    {
        ulong both = opens | closes;
        while (both != 0)
        {
            ulong lowest = both & (0 - both);
            _depth += (opens & lowest) != 0 ? 1 : -1;
            if (_depth == 0)
            {
                return BitOperations.TrailingZeroCount(lowest);
            }

            both ^= lowest;
        }

        return -1;
    }

    /// <summary>Ones from each opening quote up to its closing quote, which itself is 0.</summary>
    private ulong Strings(ulong quotes, ulong backslashes)
    {
        quotes &= ~Escaped(backslashes);
        if (quotes == 0)
        {
            return _inString;
        }

        ulong inside = quotes;
        inside ^= inside << 1;
        inside ^= inside << 2;
        inside ^= inside << 4;
        inside ^= inside << 8;
        inside ^= inside << 16;
        inside ^= inside << 32;
        inside ^= _inString;
        _inString = (ulong)((long)inside >> 63);
        return inside;
    }

    /// <summary>The bytes that stand after an odd run of backslashes.</summary>
    private ulong Escaped(ulong backslashes)
    {
        if (backslashes == 0)
        {
            ulong escaped = _escapesNext;
            _escapesNext = 0;
            return escaped;
        }

        const ulong EvenBits = 0x5555_5555_5555_5555;
        backslashes &= ~_escapesNext;
        ulong follows = (backslashes << 1) | _escapesNext;
        ulong oddStarts = backslashes & ~EvenBits & ~follows;
        ulong fromEven = unchecked(oddStarts + backslashes);
        _escapesNext = fromEven < oddStarts ? 1UL : 0UL;
        return (EvenBits ^ (fromEven << 1)) & follows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> low, Vector256<byte> high, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        return Vector256.Equals(low, wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(high, wanted).ExtractMostSignificantBits() << 32);
    }
}
