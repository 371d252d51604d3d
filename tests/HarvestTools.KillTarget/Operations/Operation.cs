namespace HarvestTools.KillTarget.Operations;

/// <summary>What one command does to a repository.</summary>
internal enum OperationKind
{
    Add,
    New,
    Build,
    Check,
    Decide,
    Register,
    Remove,
    Restore,
    DeleteCache,
    DamageObject,
    DamageRecord,
    DamageCache,
    DamageRemote,
    Repair,
    Push,
    Pull,
    Gc,

    /// <summary>Lets the exports of a slice go: to the remote, into quarantine, and when it was done before and their days are over, for good.</summary>
    Release,
    Pack,
    Unpack,
    MoveClock,

    /// <summary>A slice goes from the working tree, and comes back after a removal of what nothing needs, as where another branch is checked out for a while.</summary>
    Leave,
}

/// <summary>A command and a number, by which it chooses what it is done to.</summary>
internal readonly record struct Operation(OperationKind Kind, int Choice)
{
    public override string ToString() => $"{Kind} {Choice}";
}
