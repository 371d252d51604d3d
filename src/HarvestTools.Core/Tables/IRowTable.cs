namespace HarvestTools.Tables;

/// <summary>
/// What the generic parts (row log, merge, Parquet output) do with the rows of one table.
/// Static members, so that the hot loops are compiled per table without a virtual call.
/// </summary>
/// <typeparam name="TRow">The row's struct.</typeparam>
internal interface IRowTable<TRow>
    where TRow : struct
{
    static abstract TableDescriptor Descriptor { get; }

    /// <summary>The descriptor's row order within one project.</summary>
    static abstract int Compare(in TRow left, in TRow right);

    /// <summary>The texts that the row can leave out, see <see cref="RowWriter"/>.</summary>
    static abstract RowTexts TextsOf(in TRow row);

    /// <summary>The row's frame; 0 in a table without frames.</summary>
    static abstract long FrameOf(in TRow row);

    /// <summary>The frame and the task of a row, read from its bytes alone.</summary>
    static abstract RowPlace ReadPlace(ref RowReader reader);

    /// <summary>
    /// The order of two rows of one task, frame, episode and object tag by their bytes, which leave the shared texts out, as far
    /// as the sort key says it; 0 where only other columns could.
    /// </summary>
    /// <param name="left">One row.</param>
    /// <param name="leftMedium">Where in it the texts of its medium are left out.</param>
    /// <param name="right">The other row.</param>
    /// <param name="rightMedium">The same of it.</param>
    static abstract int CompareInFrame(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium);

    /// <summary>Whether two such rows have the same in all columns that precede the region's id in the sort key.</summary>
    /// <inheritdoc cref="CompareInFrame" path="/param"/>
    static abstract bool IsEqualBeforeRegion(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium);

    /// <summary>Where in such a row the id of its region is.</summary>
    static abstract int RegionAt(ReadOnlySpan<byte> row);

    /// <summary>Appends the row in canonical form: its columns in the descriptor's order, without the project.</summary>
    static abstract void Write(RowWriter writer, in TRow row);

    /// <summary>Appends the last columns of the row alone, those behind what every table of labels has.</summary>
    static abstract void WriteOwn(RowWriter writer, in TRow row);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    static abstract void Read(ref RowReader reader, out TRow row);
}
