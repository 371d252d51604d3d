using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// Texts of one task that are not in its bytes as they are: strings without their escapes, and canonical JSON (RFC 8785),
/// which the label hash cannot tell from other spellings. Reusable; not thread-safe.
/// </summary>
internal sealed class TaskTexts
{
    private readonly TextArena _arena = new();
    private readonly CanonicalWriter _canonical = new(exactIntegers: true);
    private readonly ByteWriter _written = new(256);
    private readonly ByteWriter _data = new();

    public void Clear()
    {
        _arena.Clear();
        _data.Clear();
    }

    /// <summary>The string or key that the reader is at, without escapes.</summary>
    /// <exception cref="CanonicalJsonException">An escape names half of a surrogate pair.</exception>
    public Utf8Text Unescaped(ref JsonTokens reader)
    {
        // The arena gives exact pieces, and the text's final length is known only afterwards: what is over is lost until
        // the task is done.
        Utf8Text reserved = _arena.Reserve(reader.ValueSpan.Length, out Span<byte> destination);
        return reserved.First(reader.Unescape(destination));
    }

    /// <summary>The value that the reader is at, in canonical form; leaves the reader on its last token.</summary>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public Utf8Text Canonical(ref JsonTokens reader)
    {
        _written.Clear();
        _canonical.Append(ref reader, _written);
        return _arena.Add(_written.Written);
    }

    /// <summary>
    /// The task's data in canonical form and without what links renew, in a buffer of its own, since it can be as large as the task: a copy would be one more
    /// of it. Of several calls the last counts, and the text of the one before is void.
    /// </summary>
    public Utf8Text Data(ref JsonTokens reader)
    {
        _data.Clear();
        _canonical.Append(ref reader, _data);
        SignedLinks.Strip(_data);
        return _data.AsText();
    }
}
