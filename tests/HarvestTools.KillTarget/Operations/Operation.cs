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
    MoveClock,
}

/// <summary>A command and a number, by which it chooses what it is done to.</summary>
internal readonly record struct Operation(OperationKind Kind, int Choice)
{
    public override string ToString() => $"{Kind} {Choice}";
}
