namespace HarvestTools.Packs;

/// <summary>
/// The order in which an export has its tasks, where that is not the order of their ids: for each piece of the file in turn, as varints,
/// its place by id less the place after that of the piece before, and its size.
/// </summary>
internal static class PackOrder
{
    public static byte[] Write(PackUnits units)
    {
        var places = new (int ById, int Length)[units.ById.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[units.ById[i].Ordinal] = (i, units.ById[i].Length);
        }

        var bytes = new List<byte>(places.Length * 5);
        long expected = 0;
        foreach ((int byId, int length) in places)
        {
            Varint.WriteSigned(bytes, byId - expected);
            Varint.Write(bytes, (ulong)length);
            expected = byId + 1;
        }

        return [.. bytes];
    }

    /// <summary>Where each piece of the file begins in the pieces by id, and its size, in the file's order; null where it is no order of so many bytes.</summary>
    public static List<(long Offset, int Length)>? TryRead(ReadOnlySpan<byte> order, long total)
    {
        var places = new List<(int ById, int Length)>();
        long expected = 0;
        int at = 0;
        while (at < order.Length)
        {
            if (!Varint.TryReadSigned(order, ref at, out long delta) || !Varint.TryRead(order, ref at, out ulong length) || length > int.MaxValue
                || expected + delta is var byId && byId is < 0 or > int.MaxValue)
            {
                return null;
            }

            places.Add(((int)byId, (int)length));
            expected = byId + 1;
        }

        var lengths = new int[places.Count];
        Array.Fill(lengths, -1);
        foreach ((int byId, int length) in places)
        {
            if (byId >= lengths.Length || lengths[byId] >= 0)
            {
                return null;
            }

            lengths[byId] = length;
        }

        var offsets = new long[lengths.Length];
        long sum = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            offsets[i] = sum;
            sum += lengths[i];
        }

        return sum == total ? places.ConvertAll(place => (offsets[place.ById], place.Length)) : null;
    }
}
