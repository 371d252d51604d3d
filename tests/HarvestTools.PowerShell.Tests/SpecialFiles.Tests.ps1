#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
}

Describe 'What has a file''s name without being a file' {
    BeforeEach {
        $repository = New-TestRepository "$TestDrive/$(New-Guid)"
        Push-Location $repository
        $null = New-Slice v1
        $hash = (Get-FileHash exports/b1.json).Hash.ToLowerInvariant()
        $stored = ".harvest/archive/sha256/$($hash.Substring(0, 2))/$hash"
    }
    AfterEach { Pop-Location }

    It 'refuses a pipe at once in <Name>' -Skip:$IsWindows -ForEach @(
        @{ Name = 'Add-Export'; Command = { Add-Export pipe -Project b } }
        @{ Name = 'Add-Export -LabelConfig'; Command = { Add-Export exports/b1.json -Project b -LabelConfig pipe } }
        @{ Name = 'Get-ExportHash'; Command = { Get-ExportHash pipe -Labels } }
        @{ Name = 'Compare-Export'; Command = { Compare-Export pipe exports/b1.json } }
        @{ Name = 'Register-SliceModel'; Command = { Register-SliceModel v1 m pipe } }
        @{ Name = 'Lock-EvalSet'; Command = { Lock-EvalSet pipe } }
        @{ Name = 'New-Slice'; Command = { New-Slice v2 -EvalSet pipe } }
    ) {
        mkfifo pipe
        $ErrorActionPreference = 'Stop'
        $Command | Should -Throw '*it is a named pipe*' -ErrorId 'NotARegularFile,*'
    }

    It 'finds links and pipes in the store and leaves them' -Skip:$IsWindows {
        mkfifo .harvest/archive/sha256/pipe
        $null = New-Item -ItemType SymbolicLink .harvest/cache/link -Target $PSHOME
        foreach ($repair in $false, $true) {
            $report = Test-ExportArchive -Repair:$repair -Confirm:$false
            $report.Whole | Should -BeTrue
            $report.Findings.Kind | Should -Be 'NotAFile', 'NotAFile'
            $report.Findings.Message | Should -Match 'a named pipe|a link to'
        }

        (Get-Item .harvest/cache/link).LinkTarget | Should -Be $PSHOME
    }

    It 'finds device nodes in the store, opens none and works on' -Skip:$IsWindows {
        $root = (id -u) -eq 0
        if ($root) { mknod .harvest/archive/sha256/zero c 1 5; $root = $LASTEXITCODE -eq 0 }
        if (-not $root) { Set-ItResult -Skipped -Because 'this account may not make device nodes'; return }
        mknod .harvest/cache/block b 240 0
        foreach ($repair in $false, $true) {
            $report = Test-ExportArchive -Repair:$repair -Confirm:$false
            $report.Whole | Should -BeTrue
            $report.Findings.Kind | Should -Be 'NotAFile', 'NotAFile'
            foreach ($message in $report.Findings.Message) { $message | Should -Match 'a device' }
        }

        $null = Add-Export exports/b1.json -Project b
        (New-Slice v2).Version | Should -Be 'v2'
        (Test-SliceDrift v1).Status | Should -Be 'Clean'
        $null = Restore-Export b -Destination restored.json
        (Get-FileHash restored.json).Hash | Should -Be $hash
        test -c .harvest/archive/sha256/zero
        $LASTEXITCODE | Should -Be 0
    }

    It 'names a device node in an object''s place and sets it aside' -Skip:$IsWindows {
        Remove-Item $stored -Force
        $root = (id -u) -eq 0
        if ($root) { mknod $stored c 1 5; $root = $LASTEXITCODE -eq 0 }
        if (-not $root) { Set-ItResult -Skipped -Because 'this account may not make device nodes'; return }
        { Restore-Export b -Destination restored.json -ErrorAction Stop } | Should -Throw '*it is a device*' -ErrorId 'NotAStoredFile,*'
        (Test-ExportArchive).Findings.Kind | Should -Be 'NotAFile'
        (Test-ExportArchive -Repair -Confirm:$false).Whole | Should -BeTrue
        (Get-FileHash $stored).Hash | Should -Be $hash
        @(Get-ChildItem .harvest/archive/quarantine).Count | Should -Be 1
    }

    It 'sets a folder in an object''s place aside and restores the object' {
        Remove-Item $stored -Force
        $null = New-Item -ItemType Directory $stored
        $report = Test-ExportArchive
        $report.Whole | Should -BeFalse
        $report.Findings.Kind | Should -Be 'NotAFile'
        $repaired = Test-ExportArchive -Repair -Confirm:$false
        $repaired.Whole | Should -BeTrue
        $repaired.Findings.Repaired | Should -BeTrue
        (Get-FileHash $stored).Hash | Should -Be $hash
        @(Get-ChildItem .harvest/archive/quarantine).Count | Should -Be 1
    }

    It 'writes the cause of a repair that the file system refused as an error' -Skip:(-not $IsLinux) {
        $null = unshare -rm true 2>&1
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because 'this account may not mount' }
        Remove-Item $stored -Force
        $ask = "Import-Module '$(Get-ProjectRoot)/HarvestTools.psd1'; `$report = Test-ExportArchive -Repair -Confirm:`$false -ErrorVariable faults -ErrorAction SilentlyContinue; " +
            "`$report.Whole; (`$report.Findings | Where-Object Kind -EQ Missing).Message; `$faults.FullyQualifiedErrorId; `$faults.CategoryInfo.Category"
        $mount = 'mount --bind .harvest/archive .harvest/archive && mount -o remount,bind,ro .harvest/archive && exec pwsh -NoProfile -NonInteractive -Command "$1"'
        $told = @(unshare -rm sh -c $mount sh $ask)
        $told[0] | Should -Be 'False'
        $told[1] | Should -Match 'The repair failed: .*access is denied'
        $told[2] | Should -Be 'AccessDenied,HarvestTools.PowerShell.TestExportArchiveCommand'
        $told[3] | Should -Be 'PermissionDenied'
    }
}

Describe 'A slice that cannot be read' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/broken"
        Push-Location $repository
        $null = New-Slice v1
        $null = New-Slice v2
    }
    AfterAll { Pop-Location }

    It 'is named when it is older than the parent, and refused when it could be the parent' {
        $text = Get-Content slices/v1/slice.json -Raw
        Set-Content slices/v1/slice.json $text.Substring(0, $text.IndexOf('"exports"'))
        $made = New-Slice v3 -WarningVariable warnings -WarningAction SilentlyContinue
        $made.Parent | Should -Be 'v2'
        "$warnings" | Should -Match 'Slice v1 cannot be read, and nothing of it was considered'

        Set-Content slices/v3/slice.json '{'
        { New-Slice v4 -ErrorAction Stop } | Should -Throw '*v3*' -ErrorId 'JsonSyntax,*'
        Test-Path slices/v4 | Should -BeFalse
    }
}
