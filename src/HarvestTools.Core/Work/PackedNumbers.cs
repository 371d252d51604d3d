namespace HarvestTools.Work;

/// <summary>
/// Rows of whole numbers in pieces, each number as its difference from that of the row before: ids and their likes take a byte or
/// two each. What is kept of every task of an export until its end has to be small, and a list that doubles holds three times as much.
/// </summary>
/// <param name="columns">Numbers of a row.</param>
internal sealed class PackedNumbers(int columns)
{
    private const int PieceBytes = 32 * 1024;
    private const int FirstBytes = 256;

    // Seven bits a byte.
    private const int MostBytesOfNumber = 10;

    private readonly List<byte[]> _pieces = [];
    private readonly long[] _before = new long[columns];
    private int _used;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no row's first number is less than that of the row before.</summary>
    public bool IsAscending { get; private set; } = true;

    public void Add(ReadOnlySpan<long> row)
    {
        if (_pieces.Count == 0 || _pieces[^1].Length - _used < columns * MostBytesOfNumber)
        {
            Begin();
        }

        IsAscending &= Count == 0 || row[0] >= _before[0];
        byte[] piece = _pieces[^1];
        for (int i = 0; i < columns; i++)
        {
            // The number that means "none" is the least of all: differences go round.
            long difference = unchecked(row[i] - _before[i]);
            ulong left = ((ulong)difference << 1) ^ (ulong)(difference >> 63);
            for (; left >= 0x80; left >>= 7)
            {
                piece[_used++] = (byte)(left | 0x80);
            }

            piece[_used++] = (byte)left;
            _before[i] = row[i];
        }

        Count++;
    }

    /// <summary>Gives the rows in the order in which they were added; nothing may be added meanwhile.</summary>
    public Reader Read() => new(this);

    private void Begin()
    {
        if (_pieces.Count > 0)
        {
            byte[] full = _pieces[^1];
            Array.Resize(ref full, _used);
            _pieces[^1] = full;
        }

        _pieces.Add(new byte[_pieces.Count == 0 ? Math.Max(FirstBytes, columns * MostBytesOfNumber) : PieceBytes]);
        _used = 0;
    }

    /// <summary>Where a reading is.</summary>
    internal sealed class Reader(PackedNumbers numbers)
    {
        private readonly long[] _row = new long[numbers._before.Length];
        private int _left = numbers.Count;
        private int _piece;
        private int _at;

        /// <summary>The row that <see cref="Next"/> came to, until it is called again.</summary>
        public ReadOnlySpan<long> Row => _row;

        /// <summary>Goes on to the next row; false after the last.</summary>
        public bool Next()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            if (_piece + 1 < numbers._pieces.Count && _at == numbers._pieces[_piece].Length)
            {
                _piece++;
                _at = 0;
            }

            byte[] piece = numbers._pieces[_piece];
            for (int i = 0; i < _row.Length; i++)
            {
                ulong packed = 0;
                int shift = 0;
                byte next;
                do
                {
                    next = piece[_at++];
                    packed |= (ulong)(next & 0x7F) << shift;
                    shift += 7;
                }
                while (next >= 0x80);

                _row[i] = unchecked(_row[i] + ((long)(packed >> 1) ^ -(long)(packed & 1)));
            }

            return true;
        }
    }
}
