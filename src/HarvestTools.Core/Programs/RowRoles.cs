using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>What the columns of a slice's tables say of its rows.</summary>
/// <param name="Any">Roles that at least one table has a column of, a bit each.</param>
/// <param name="Every">Roles that every row of every table says something of.</param>
internal readonly record struct RowRoles(ushort Any, ushort Every)
{
    // No role has it.
    public const ushort UnreadBit = 1 << 15;

    /// <summary>Whether there are rows that cannot be read: how many there are of anything is not known then.</summary>
    public bool Unread => (Any & UnreadBit) != 0;

    /// <summary>Whether a table has a column of the role.</summary>
    public bool Has(ColumnRole role) => (Any & Bit(role)) != 0;

    /// <summary>Whether every row says something of the role, so that what no row says is not there.</summary>
    public bool IsOfEvery(ColumnRole role) => (Every & Bit(role)) != 0;

    /// <summary>The same of tables of which one has rows that cannot be read.</summary>
    public RowRoles WithUnread() => this with { Any = (ushort)(Any | UnreadBit) };

    public static ushort Bit(ColumnRole role) => (ushort)(1 << (int)role);
}
