using System.Runtime.InteropServices;

namespace HarvestTools.Json;

/// <summary>
/// The shapes that objects in arrays were found to have, each with a number from 1 on, and which is likely to come next: the one
/// that came after the same shape before. Shared by the tapes of one thread.
/// </summary>
internal sealed class JsonShapes
{
    /// <summary>A number fits a byte of a token.</summary>
    public const int Max = 64;

    /// <summary>So many numbers are for shapes with values in them too; the others are for shapes alone.</summary>
    private const int WithValuesMax = 48;

    // Learning takes about as long as reading token by token: where it does not pay, it is tried with one object of so many.
    private const int LearnCost = 16;
    private const int CreditMax = 512;

    /// <summary>How much more often the likeliest shape came than the other one, at most.</summary>
    private const int LeadMax = 3;

    private readonly JsonShape?[] _shapes = new JsonShape?[Max + 1];
    private readonly JsonShape.Builder _builder = new();
    private readonly Successors[] _successors = new Successors[Max + 1];
    private int _count;
    private int _credit = CreditMax;

    /// <summary>The number of the last object's shape; 0 for none.</summary>
    public int Last { get; private set; }

    public JsonShape this[int number] => _shapes[number]!;

    /// <summary>Forgets all shapes where there is no room for more. Tokens that have numbers of shapes become void.</summary>
    public void Renew()
    {
        if (_count == Max)
        {
            Array.Clear(_shapes);
            Array.Clear(_successors);
            _count = 0;
            Last = 0;
        }
    }

    /// <summary>Finds the tokens of an object by the shapes that are likely here.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="at">The object's opening brace; afterwards the place behind the object.</param>
    /// <param name="into">Receives the tokens.</param>
    /// <param name="room">How many there is room for.</param>
    /// <param name="depth">How many containers more may be nested.</param>
    /// <returns>The number of tokens; 0 where none of the shapes is the object's.</returns>
    public int TryFollow(ReadOnlySpan<byte> json, ref int at, ref JsonToken into, int room, int depth)
    {
        ref Successors likely = ref _successors[Last];
        if (likely.First == 0)
        {
            return 0;
        }

        int count = Follow(likely.First, json, ref at, ref into, room, depth);
        if (count > 0)
        {
            likely.Lead = Math.Min(likely.Lead + 1, LeadMax);
            Last = likely.First;
            return count;
        }

        for (int bit = 0; bit < 32 && likely.Others >> bit != 0; bit += 8)
        {
            byte number = (byte)(likely.Others >> bit);
            count = Follow(number, json, ref at, ref into, room, depth);
            if (count > 0)
            {
                likely.Found(bit);
                Last = number;
                return count;
            }
        }

        return 0;
    }

    /// <summary>Learns the shape of an object that was read token by token.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="tokens">The object's tokens from its opening brace to its closing one.</param>
    /// <param name="previous"><see cref="Last"/> when the object began: those inside it have shapes too.</param>
    /// <returns>Its number; 0 where it has none.</returns>
    public byte Learn(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, int previous)
    {
        if (_credit < LearnCost)
        {
            _credit++;
            Last = 0;
            return 0;
        }

        _credit -= LearnCost;
        byte number = NumberOf(json, tokens);
        ref Successors before = ref _successors[previous];
        if (before.First == 0)
        {
            before.First = number;
        }
        else if (number > 0 && before.First != number)
        {
            before.Add(number);
        }

        Last = number;
        return number;
    }

    private byte NumberOf(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        if (!_builder.TryRead(json, tokens))
        {
            return 0;
        }

        for (int i = 1; i <= _count; i++)
        {
            if (_builder.Has(_shapes[i]!))
            {
                return (byte)i;
            }
        }

        return _count == Max ? (byte)0 : Add(_builder.Build()).Number;
    }

    private JsonShape Add(JsonShape shape)
    {
        _shapes[++_count] = shape;
        shape.Number = (byte)_count;
        return shape;
    }

    private int Follow(int number, ReadOnlySpan<byte> json, ref int at, ref JsonToken into, int room, int depth)
    {
        JsonShape shape = _shapes[number]!;
        if (shape.Count > room || shape.Depth > depth)
        {
            return 0;
        }

        // With values in it first.
        ShapeValues values = shape.Values;
        JsonShape? found = values.Follow(shape, json, ref at, ref into, out bool isOther);
        if (found is null)
        {
            if (isOther || !shape.TryFollow(json, ref at, ref into, out _))
            {
                return 0;
            }

            found = shape;
            ReadOnlySpan<JsonToken> tokens = MemoryMarshal.CreateReadOnlySpan(ref into, shape.Count);
            if (values.See(json, tokens, _count < WithValuesMax, out ulong constants, out JsonShape? replaced))
            {
                Specialize(shape, json, tokens, constants, replaced);
            }
        }

        into.Shape = found.Number;
        if (_credit < CreditMax)
        {
            _credit++;
        }

        return shape.Count;
    }

    private void Specialize(JsonShape shape, ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, ulong constants, JsonShape? replaced)
    {
        if (!_builder.TryRead(json, tokens, constants))
        {
            shape.Values.GiveUp();
        }
        else if (replaced is null)
        {
            shape.Values.Take(Add(_builder.Build()));
        }
        else
        {
            // Under the same number: its objects are objects of the new one, which has fewer values in it.
            JsonShape made = _builder.Build();
            made.Number = replaced.Number;
            _shapes[made.Number] = made;
            shape.Values.Take(made);
        }
    }

    /// <summary>What came after a shape: mostly the first; 0 where not known.</summary>
    private struct Successors
    {
        public byte First;

        /// <summary>Four more, one a byte, the last that came in the lowest.</summary>
        public uint Others;

        /// <summary>How much more often the first came than others.</summary>
        public int Lead;

        public void Add(byte number) => Others = (Others << 8) | number;

        /// <summary>Notes that one of the others came, which is at that bit.</summary>
        public void Found(int bit)
        {
            byte number = (byte)(Others >> bit);
            uint before = Others & ((1u << bit) - 1);
            uint behind = bit == 24 ? 0 : Others >> (bit + 8) << (bit + 8);
            if (Lead == 0)
            {
                (First, number) = (number, First);
            }
            else
            {
                Lead--;
            }

            Others = behind | (before << 8) | number;
        }
    }
}
