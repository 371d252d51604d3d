#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # What each cmdlet needs to get as far as it can in a repository with the slice v1 of a program.
    $arguments = @{
        'Add-Export' = @{ Path = 'exports/a1.json'; Project = 'a' }
        'Add-SliceTag' = @{ Version = 'v1' }
        'Approve-HarvestProgram' = @{ WhatIf = $true }
        'Compare-Export' = @{ Reference = 'exports/a1.json'; Difference = 'exports/b1.json' }
        'Compare-Slice' = @{ Reference = 'v1'; Difference = 'v1'; Row = $true }
        'Compare-SliceModel' = @{ Metric = 'pck' }
        'Export-SliceReport' = @{ Path = 'report.html' }
        'Find-SliceRegression' = @{ Metric = 'pck' }
        'Get-ErasurePlan' = @{ Annotator = 1 }
        'Get-ExportHash' = @{ Path = 'exports/a1.json' }
        'Get-SliceBlame' = @{ Version = 'v1'; Episode = 'e' }
        'Get-SliceParameter' = @{ Version = 'v1' }
        'Get-SliceSource' = @{ Version = 'v1'; Row = $true }
        'Initialize-HarvestRepository' = @{ Path = 'other' }
        'Lock-EvalSet' = @{ Path = 'harvest.json' }
        'New-ErasurePlan' = @{ Annotator = 1 }
        'New-Slice' = @{ Version = 'v2' }
        'Register-SliceModel' = @{ Version = 'v1'; Name = 'm' }
        'Remove-ErasedExport' = @{ Annotator = 1; Confirm = $false }
        'Remove-Slice' = @{ Version = 'v1'; Confirm = $false }
        'Rename-HarvestProject' = @{ Project = 'a'; NewName = 'c' }
        'Restore-Export' = @{ Export = 'b'; Force = $true }
        'Revoke-HarvestProgram' = @{ Sha256 = '0123456789ab' }
        'Set-HarvestProject' = @{ Project = 'b'; Retired = $true }
        'Set-ProductionModel' = @{ Name = 'm'; Reason = 'it is better'; Confirm = $false }
        'Test-Erasure' = @{ Annotator = 1 }
        'Test-SliceDrift' = @{ Version = 'v1' }
    }

    # What removes the slice comes last.
    $cmdlets = Get-Command -Module HarvestTools | Sort-Object { $_.Name -eq 'Remove-Slice' }, Name | ForEach-Object { @{ Name = $_.Name; Arguments = $arguments[$_.Name] ?? @{} } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $env:HARVEST_TRUST_FOLDER = "$TestDrive/trust"

    # A program that says that it ran, in PowerShell, which is there on every system.
    function New-ProgramRepository($Name) {
        $folder = New-TestRepository "$TestDrive/$Name"
        $shell = (Get-Process -Id $PID).Path
        $dotnet = if ([IO.Path]::GetFileNameWithoutExtension($shell) -eq 'dotnet') { , [Environment]::GetCommandLineArgs()[0] } else { @() }
        Set-Content "$folder/harvest.ps1" "param(`$Out) Set-Content '$TestDrive/$Name.ran' yes; Set-Content `"`$Out/rows.csv`" 'a,b', '1,2'"
        $settings = Get-Content "$folder/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
        $settings.harvest = @{
            name = 'own'; version = 'v1.0.0'; kind = 'program'; code = @('harvest.ps1'); tables = @('*.csv')
            run = @($shell) + $dotnet + @('-NoProfile', '-File', 'harvest.ps1', '{out}')
        }
        $settings | ConvertTo-Json -Depth 9 | Set-Content "$folder/harvest.json"
        $folder
    }
}

AfterAll { $env:HARVEST_TRUST_FOLDER = $null }

Describe 'A program that is trusted' {
    It 'is trusted, makes slices, is listed and revoked' {
        $folder = New-ProgramRepository trusted
        Push-Location $folder
        try {
            { New-Slice v1 -ErrorAction Stop } | Should -Throw -ErrorId 'ProgramUntrusted,*'
            "$TestDrive/trusted.ran" | Should -Not -Exist
            Approve-HarvestProgram -WhatIf
            Get-HarvestProgram | Should -BeNullOrEmpty
            $approved = Approve-HarvestProgram
            (New-Slice v1).Version | Should -Be v1
            "$TestDrive/trusted.ran" | Should -Exist
            (Test-SliceDrift v1).Status | Should -Be Clean
            (Get-HarvestProgram).Sha256 | Should -Be $approved.Sha256
            Get-HarvestProgram | Revoke-HarvestProgram
            Get-HarvestProgram | Should -BeNullOrEmpty
        } finally {
            Pop-Location
        }
    }
}

Describe 'A program that is not trusted' {
    BeforeAll {
        $folder = New-ProgramRepository untrusted
        Push-Location $folder
        $null = Approve-HarvestProgram
        $null = New-Slice v1
        Get-HarvestProgram | Revoke-HarvestProgram
        Pop-Location
        "$TestDrive/untrusted.ran" | Should -Exist

        # As in a clone: nothing is cached.
        Remove-Item "$TestDrive/untrusted.ran", "$folder/.harvest/cache" -Recurse -Force
    }

    It 'is started by no <Name>' -ForEach $cmdlets {
        Push-Location $folder
        try {
            $null = Invoke-Recorded { & $Name @Arguments -ErrorAction Continue }
        } catch {
            # What ends a cmdlet is no matter here.
            $_.FullyQualifiedErrorId | Should -Not -Match 'Exception'
        } finally {
            Pop-Location
        }

        "$TestDrive/untrusted.ran" | Should -Not -Exist
    }
}
