namespace HarvestTools.Programs;

/// <summary>A row of a table that a program wrote.</summary>
/// <param name="Names">Its columns; rows of one table mostly share one list.</param>
/// <param name="Values">As many: a text, a whole number (long), a number with a fraction (double), a truth value, a list of doubles, or null.</param>
internal sealed record TableRow(IReadOnlyList<string> Names, object?[] Values)
{
    /// <summary>The value of a column; null where the row has none, or no such column.</summary>
    public object? this[string name]
    {
        get
        {
            for (int i = 0; i < Names.Count; i++)
            {
                if (Names[i] == name)
                {
                    return Values[i];
                }
            }

            return null;
        }
    }
}
