using System.Text;

namespace HarvestTools.Cache;

/// <summary>Texts by number, as UTF-8 one after another: of the links of a million media hardly any ever becomes a string.</summary>
internal sealed class TextList
{
    /// <param name="ends">Where each text ends in <paramref name="bytes"/>, ascending.</param>
    /// <param name="bytes">All texts.</param>
    public TextList(int[] ends, byte[] bytes) => (Ends, Bytes) = (ends, bytes);

    public int[] Ends { get; }

    public byte[] Bytes { get; }

    public int Count => Ends.Length;

    public ReadOnlySpan<byte> this[int number] => Bytes.AsSpan((number == 0 ? 0 : Ends[number - 1])..Ends[number]);

    public string Text(int number) => Encoding.UTF8.GetString(this[number]);

    /// <summary>Whether the ends are those of texts that the bytes hold.</summary>
    public bool IsWhole()
    {
        int before = 0;
        foreach (int end in Ends)
        {
            if (end < before)
            {
                return false;
            }

            before = end;
        }

        return before == Bytes.Length;
    }

    /// <summary>Numbers texts in the order in which they are seen first.</summary>
    internal sealed class Builder
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly Column _texts = new();
        private byte[] _last = [];
        private int _lastLength = -1;
        private int _lastNumber = -1;

        /// <summary>The text's number.</summary>
        public int Add(ReadOnlySpan<byte> text)
        {
            // Neighbouring rows mostly have the same.
            if (_lastLength == text.Length && text.SequenceEqual(_last.AsSpan(0, _lastLength)))
            {
                return _lastNumber;
            }

            string key = Encoding.UTF8.GetString(text);
            if (!_numbers.TryGetValue(key, out int number))
            {
                _numbers.Add(key, number = _texts.Add(text));
            }

            if (_last.Length < text.Length)
            {
                _last = new byte[Math.Max(text.Length, 2 * _last.Length)];
            }

            text.CopyTo(_last);
            (_lastLength, _lastNumber) = (text.Length, number);
            return number;
        }

        public TextList ToList() => _texts.ToList();
    }

    /// <summary>Takes texts one after another, the same one as often as it comes.</summary>
    internal sealed class Column
    {
        private readonly List<int> _ends = [];
        private readonly List<byte> _bytes = [];

        /// <summary>The text's number.</summary>
        public int Add(ReadOnlySpan<byte> text)
        {
            _bytes.AddRange(text);
            _ends.Add(_bytes.Count);
            return _ends.Count - 1;
        }

        public TextList ToList() => new([.. _ends], [.. _bytes]);
    }
}
